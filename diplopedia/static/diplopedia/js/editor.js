/* The editor beyond a plain form: live preview, completion, shortcuts. What keeps the words is in drafts.js. */

const $ = (selector, within = document) => within.querySelector(selector);
const wide = matchMedia("(min-width: 64em)");

/** The page as readers will see it, beside the text, half a second after the last key. */
function livePreview(form) {
  const view = $("[data-live-view]", form);
  const body = form.elements.body;
  let shown;
  let asked;
  let timer;
  const render = async () => {
    if (!wide.matches || body.value === shown) return;
    const text = body.value;
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "fetch" },
        signal: asked.signal,
      });
      if (!answer.ok || answer.redirected) return;
      view.innerHTML = await answer.text(); // sanitised by the server, as on the page itself
      shown = text;
    } catch {
      // the text is safe in the form; the preview follows with the next key
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(render, 500);
  });
  wide.addEventListener("change", render);
  render();
}

/** Put text where the cursor is, in a way that Undo takes back. */
function insert(area, text, selectFrom = text.length, selectTo = selectFrom) {
  const start = area.selectionStart;
  area.focus();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(start + selectFrom, start + selectTo);
}

const PIECES = {
  page: (chosen) => [`[[${chosen}]]`, 2, 2 + chosen.length],
  person: (chosen) => [`[[@${chosen}]]`, 3, 3 + chosen.length],
  table: () => ["\n| A | B |\n| --- | --- |\n|  |  |\n", 3, 4],
};

function toolbar(form) {
  const tools = $("markdown-toolbar", form);
  const body = form.elements.body;
  tools.addEventListener("click", ({ target }) => {
    const piece = target.closest("[data-insert]")?.dataset.insert;
    if (piece) insert(body, ...PIECES[piece](body.value.slice(body.selectionStart, body.selectionEnd)));
  });
}

/** Titles after [[ and colleagues after @, from the search's suggestions. */
export function complete(form) {
  const body = form.elements.body;
  const expander = document.createElement("text-expander");
  expander.setAttribute("keys", "[[ @");
  expander.setAttribute("multiword", "[[");
  const place = document.createComment("");
  body.replaceWith(place);
  expander.append(body); // the element looks for its text when it is put into the page
  place.replaceWith(expander);
  const said = $("[data-choices]", form);
  const find = async (key, text) => {
    const kind = key === "@" || text.startsWith("@") ? "person" : "article";
    const words = text.replace(/^@/, "");
    if (words.length < 2) return { matched: false };
    const url = `${form.dataset.suggest}?kind=${kind}&q=${encodeURIComponent(words)}`;
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    const items = answer.ok ? (await answer.json()).items.filter((item) => item.kind === kind) : [];
    return { matched: items.length > 0, fragment: choices(items, said?.dataset.name ?? "") };
  };
  expander.addEventListener("text-expander-change", (event) => {
    const { key, text, provide } = event.detail;
    if (text.includes("]]") || text.includes("\n")) return;
    provide(find(key, text).catch(() => ({ matched: false })));
  });
  expander.addEventListener("text-expander-activate", () => {
    // A text of many lines is no combobox for those who hear it; the choice that is marked is told all the same.
    queueMicrotask(() => ["role", "aria-expanded"].forEach((name) => body.removeAttribute(name)));
    if (said) said.textContent = said.dataset.choices.replace("{n}", expander.querySelectorAll("[role=option]").length);
  });
  expander.addEventListener("text-expander-deactivate", () => said?.replaceChildren());
  expander.addEventListener("text-expander-value", (event) => {
    const { item } = event.detail;
    event.detail.value = `[[${item.dataset.value}]]`;
  });
}

function choices(items, name) {
  const list = document.createElement("ul");
  list.role = "listbox";
  list.ariaLabel = name;
  list.className = "suggest suggest--here";
  for (const item of items) {
    const row = document.createElement("li");
    row.role = "option";
    row.id = `choice-${item.kind}-${item.url}`;
    if (item.kind === "person") row.className = "who";
    const handle = item.url.split("/").filter(Boolean).pop();
    row.dataset.value = item.kind === "person" ? `@${decodeURIComponent(handle)}` : item.title;
    const detail = document.createElement("small");
    detail.textContent = item.detail ?? "";
    row.append(item.title, detail);
    list.append(row);
  }
  return list;
}

/** A long list of choices becomes a box that completes, with what was chosen as chips before it. */
function pickMany(select) {
  const box = document.createElement("input");
  const names = document.createElement("datalist");
  const chips = document.createElement("p");
  const options = new Map([...select.options].map((option) => [option.label, option]));
  chips.className = "chips";
  box.type = "text";
  box.autocomplete = "off";
  box.id = `${select.id}-box`;
  names.id = `${select.id}-names`;
  box.setAttribute("list", names.id);
  for (const label of select.labels) label.htmlFor = box.id;
  names.append(...[...options.keys()].map((label) => new Option(label, label)));
  const changed = () => select.dispatchEvent(new Event("input", { bubbles: true }));
  const draw = () => {
    chips.replaceChildren(...[...select.selectedOptions].map((option) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip";
      chip.textContent = `${option.label} ×`;
      chip.addEventListener("click", () => {
        option.selected = false;
        draw();
        changed();
        box.focus();
      });
      return chip;
    }));
  };
  box.addEventListener("input", () => {
    const option = options.get(box.value);
    if (!option) return;
    option.selected = true;
    box.value = "";
    draw();
    changed();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it chooses; it does not send the form
  });
  select.hidden = true;
  select.before(chips, box, names);
  select.form.addEventListener("put-back", draw);
  draw();
}

const MARKS = { b: "md-bold", i: "md-italic", k: "md-link" };

/** Control or Command with S saves the draft now, with Enter publishes; with B, I and K sets marks. */
function shortcuts(form) {
  form.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    const action = { s: "draft", Enter: "publish" }[event.key];
    const mark = event.target === form.elements.body && MARKS[event.key];
    if (!action && !mark) return;
    event.preventDefault();
    if (mark) $(mark, form).click();
    else form.requestSubmit($(`button[name=action][value=${action}]`, form));
  });
}

/** Pictures and documents by drop, paste or choice: a small form asks what a picture shows, the server gives its line. */
class Files {
  constructor(form, dialog) {
    this.body = form.elements.body;
    this.dialog = dialog;
    this.form = $("form", dialog);
    this.queue = [];
    $("[data-add-file]", form).addEventListener("click", () => this.open());
    $("[data-add-not]", dialog).addEventListener("click", () => dialog.close());
    this.form.elements.file.addEventListener("change", () => this.chosen());
    this.form.addEventListener("submit", (event) => this.send(event));
    dialog.addEventListener("close", () => this.next());
    this.body.addEventListener("paste", (event) => this.pasted(event));
    const pane = this.body.closest(".pane");
    for (const name of ["dragover", "dragleave", "drop"]) pane.addEventListener(name, (event) => this.dragged(event, pane));
  }

  dragged(event, pane) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    pane.classList.toggle("dropping", event.type === "dragover");
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }

  /** What has words in it is text, which the paste scripts make Markdown; a picture alone is a file. */
  pasted(event) {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain") || types.includes("text/html")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.take(files);
  }

  take(files) {
    this.queue.push(...files);
    if (!this.dialog.open) this.next();
  }

  next() {
    const file = this.queue.shift();
    if (file) this.open(file);
    else this.goBack();
  }

  goBack() {
    this.body.focus();
    this.body.setSelectionRange(...this.cursor);
  }

  /** A picture stands in a paragraph of its own, a document in the sentence. */
  put(line) {
    this.goBack();
    const before = this.body.value.slice(0, this.cursor[0]);
    const alone = line.startsWith("!") && before && !before.endsWith("\n");
    insert(this.body, alone ? `\n\n${line}` : line);
    this.cursor = [this.body.selectionStart, this.body.selectionEnd];
  }

  open(file) {
    this.form.reset();
    this.say("", "");
    if (file) {
      const held = new DataTransfer();
      held.items.add(file);
      this.form.elements.file.files = held.files;
    }
    this.chosen();
    this.cursor = [this.body.selectionStart, this.body.selectionEnd]; // lost where a browser gives the focus back
    this.dialog.showModal();
  }

  chosen() {
    const [file] = this.form.elements.file.files;
    $("[data-of-pictures]", this.form).hidden = Boolean(file) && !file.type.startsWith("image/");
  }

  say(state, refused) {
    $("[data-add-state]", this.form).textContent = state;
    const box = $("[data-add-refused]", this.form);
    box.textContent = refused;
    box.hidden = !refused;
  }

  async send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    const { sending, offline, signedout } = $("[data-add-state]", this.form).dataset;
    this.say(sending, "");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: new FormData(this.form), headers: { Accept: "application/json" } });
      if (answer.redirected || answer.status === 403) return this.say("", signedout);
      const said = await answer.json();
      if (!answer.ok) return this.say("", said.refused.join(" "));
      this.dialog.close();
      this.put(said.markdown);
    } catch {
      this.say("", offline);
    } finally {
      this.sending = false;
    }
  }
}

/** Tell others that one writes here, as long as the window is seen, and hear who else does. */
function beHere(form) {
  const line = $("[data-writing]", form);
  if (!line) return;
  const tell = async (leaving = false) => {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "base", "section"]) data.set(name, form.elements[name].value);
    if (leaving) data.set("leaving", "yes");
    try {
      const answer = await fetch(line.dataset.writing, { method: "POST", body: data, keepalive: leaving });
      if (!answer.ok || answer.redirected || leaving) return;
      const words = await answer.text();
      if (line.dataset.said !== words) line.innerHTML = words; // a line of our own template
      line.dataset.said = words;
    } catch {
      // who else is here is told when the connection is back
    }
  };
  tell();
  setInterval(() => document.hidden || tell(), line.dataset.beat * 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tell());
  addEventListener("pagehide", () => tell(true));
}

/** Where there is a keyboard one types at once, unless the page has something to say or to ask before. */
function begin(form) {
  if (!wide.matches || document.activeElement !== document.body || $(".offers", form)) return;
  const { title, body } = form.elements;
  const first = title && !title.value ? title : body;
  first.setSelectionRange(0, 0);
  first.focus({ preventScroll: true });
}

const form = $("form[data-editor]");
if (form) {
  toolbar(form);
  complete(form);
  livePreview(form);
  shortcuts(form);
  beHere(form);
  begin(form);
  new Files(form, $("dialog[data-add]"));
  for (const select of form.querySelectorAll("select[multiple]")) pickMany(select);
}
