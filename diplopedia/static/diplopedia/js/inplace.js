/* Editing a profile where its sections stand. Without this file every section has a page of its own. */

const $ = (selector, within = document) => within.querySelector(selector);
const FIELDS = "input:not([type=hidden]), select, textarea";

/** What is typed into a form is guarded until it is saved. */
function guardForms() {
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form[data-guard]");
    if (form) form.dataset.dirty = "";
  });
  document.addEventListener("submit", ({ target }) => delete target.dataset.dirty);
  addEventListener("beforeunload", (event) => {
    if ($("form[data-dirty]")) event.preventDefault();
  });
}

/** Escape leaves a form; it asks first where something was typed. */
function escapeLeaves() {
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || !form) return;
    if (!("dirty" in form.dataset) || confirm(form.dataset.leave)) {
      delete form.dataset.dirty;
      $("[data-cancel]", form).click();
    }
  });
}

/** "Add another" copies the blank line, instead of saving first. */
function addLines() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("form button[name=more]");
    const blank = button && $("template[data-lines]", button.form);
    if (!blank) return;
    event.preventDefault();
    const total = button.form.elements[`${blank.dataset.lines}-TOTAL_FORMS`];
    if (Number(total.value) >= Number(blank.dataset.most)) {
      return say(button.closest(".acts-row"), "note--stop", "alert", button.form.dataset.full);
    }
    blank.insertAdjacentHTML("beforebegin", blank.innerHTML.replaceAll("__prefix__", total.value));
    total.value = Number(total.value) + 1;
    $(FIELDS, blank.previousElementSibling).focus();
  });
}

/** A section that opened, closed or was refused has the focus where one goes on; one that got no answer stays. */
function swapSections() {
  let place = "", saved = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    place = detail.target.id;
    const form = detail.requestConfig.elt.closest("form");
    saved = (detail.requestConfig.verb === "post" && detail.xhr.status < 400 && form?.dataset.saved) || "";
    if (detail.serverResponse.includes(`<section id="${place}"`)) return;
    detail.shouldSwap = false;
    failed(detail.requestConfig.elt);
  });
  document.addEventListener("htmx:sendError", ({ detail }) => failed(detail.requestConfig.elt));
  document.addEventListener("htmx:afterSettle", () => {
    const section = document.getElementById(place);
    place = "";
    if (!section) return;
    const next = $("[data-focus]", section) ?? $(`form :is(${FIELDS})`, section) ?? $(".pen", section);
    next?.focus();
    if (next?.matches("[data-focus]")) $("form", section).dataset.dirty = "";
    if (saved) say($(".headed", section) ?? $("h2", section), "note--ok", "status", saved);
  });
}

function failed(element) {
  const form = element.closest("form");
  if (!form) return location.assign(element.href);
  form.dataset.dirty = "";
  say($(".acts-row", form), "note--stop", "alert", form.dataset.failed);
}

/** A note after an element, instead of the one that stands there: filled once it is there, or nobody hears it. */
function say(after, look, role, words) {
  const note = document.createElement("p");
  Object.assign(note, { className: `note ${look}`, role });
  if (after.nextElementSibling?.matches("p.note")) after.nextElementSibling.remove();
  after.after(note);
  setTimeout(() => (note.textContent = words), 50);
}

/** Names while one types: a combobox with a listbox. Choosing one puts it into the field. */
class Names {
  constructor(input) {
    this.input = input;
    this.url = `${input.form.dataset.names}?of=${input.dataset.suggestOf}&q=`;
    this.list = document.createElement("ul");
    Object.assign(this.list, { className: "suggest", role: "listbox", id: `${input.id}-names`, hidden: true });
    this.list.ariaLabel = input.labels[0]?.textContent ?? "";
    input.after(this.list);
    input.role = "combobox";
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.choose(target.closest("li")));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(this.input.value.trim()), 120);
  }

  async ask(text) {
    this.asked?.abort();
    if (!text) return this.close();
    const { signal } = (this.asked = new AbortController());
    try {
      const answer = await fetch(this.url + encodeURIComponent(text), { signal });
      if (answer.ok && document.activeElement === this.input) this.show((await answer.json()).items);
    } catch {
      if (!signal.aborted) this.close(); // any name may be typed without suggestions
    }
  }

  show(items) {
    const rows = items.map((item, n) => this.row(item, n));
    const marked = this.at?.dataset.name;
    this.list.replaceChildren(...rows);
    this.list.hidden = !items.length;
    if (items.length) this.list.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.tell(items.length ? this.input.form.dataset.choices.replace("{n}", items.length) : "");
    this.mark(rows.find((row) => row.dataset.name === marked)); // what was chosen is not lost to a late answer
  }

  /** Say to those who hear the page what the others see below the field. */
  tell(words) {
    const told = $("[data-told]", this.input.form);
    if (told.textContent !== words) told.textContent = words;
  }

  row({ title, detail }, n) {
    const row = document.createElement("li");
    const small = document.createElement("small");
    small.textContent = detail;
    Object.assign(row, { role: "option", id: `${this.list.id}-${n}`, ariaSelected: "false" });
    row.dataset.name = title;
    row.append(title, small);
    return row;
  }

  mark(row) {
    this.at?.setAttribute("aria-selected", "false");
    this.at = row;
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return; // keys that write a letter choose nothing
    const rows = [...this.list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(rows[(rows.indexOf(this.at) + step + (this.at || step > 0 ? 0 : 1) + rows.length) % rows.length]);
    else if (event.key === "Enter" && this.at) this.choose(this.at);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  choose(row) {
    if (!row) return;
    this.input.value = row.dataset.name;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.tell("");
    this.mark(null);
  }
}

document.addEventListener("focusin", ({ target }) => {
  if (target.matches("input[data-suggest-of]:not([role=combobox])")) new Names(target);
});
guardForms();
escapeLeaves();
addLines();
swapSections();
