/* Drafts: words go to the server a moment after one stops typing; this browser keeps what has not arrived there. */

const $ = (selector, within = document) => within.querySelector(selector);
const PAUSE = 1200; // after the last key
const FIRST_RETRY = 2000;
const LAST_RETRY = 20000;
const PATIENCE = 20000; // for an answer
const SCRIPTED = { Accept: "application/json" }; // no page that somebody opens: a new code of conduct does not come before it
const TOKENS = ["csrfmiddlewaretoken", "action", "turn", "me"];
const OURS = ["key", "base", "section", "draft"];

/** Words kept in this browser until the server has them: one copy for each window. */
class Copies {
  constructor(place) {
    this.place = `diplopedia:${place}#`;
  }

  all() {
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(this.place));
      const copies = names.map((name) => ({ name, ...JSON.parse(localStorage.getItem(name)) }));
      return copies.sort((one, other) => other.at - one.at);
    } catch {
      return [];
    }
  }

  keep(copy) {
    try {
      localStorage.setItem(this.place + copy.key, JSON.stringify({ ...copy, at: Date.now() }));
      return true;
    } catch {
      return false; // full or forbidden
    }
  }

  forget(key) {
    try {
      localStorage.removeItem(this.place + key);
    } catch {
      // forbidden storage holds nothing to forget
    }
  }
}

/** What a form says, without what only identifies it. */
function fieldsOf(data) {
  const fields = {};
  for (const [name, value] of data) {
    if (!TOKENS.includes(name) && !OURS.includes(name) && typeof value === "string") (fields[name] ??= []).push(value);
  }
  return fields;
}

function putBack(form, copy) {
  for (const field of form.elements) {
    const values = copy.fields[field.name];
    if (!field.name || field.type === "hidden") continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(values?.includes(field.value));
    else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = Boolean(values?.includes(option.value));
    } else if (values) field.value = values[0];
  }
  // The words were begun from that revision: what others changed since is merged, never undone.
  for (const name of ["base", "section", "draft"]) {
    if (form.elements[name] && copy[name] !== undefined) form.elements[name].value = copy[name];
  }
}

/** Whether the server answers, and knows who asks: saved, offline or signedout. */
async function answers(address) {
  try {
    const answer = await fetch(address, { method: "HEAD", headers: SCRIPTED, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.redirected) return "signedout";
    return answer.status >= 500 ? "offline" : "saved";
  } catch {
    return "offline";
  }
}

/** A form that has no draft stays as it is, with all that was chosen in it, until the server answers. */
function wait(form) {
  let going = false;
  form.addEventListener("submit", async (event) => {
    if (going || event.defaultPrevented) return;
    event.preventDefault();
    const { submitter } = event;
    const outcome = await answers(form.dataset.waits);
    const trouble = $("[data-trouble]", form);
    trouble.textContent = trouble.dataset[outcome] ?? "";
    if (outcome !== "saved") return;
    going = true;
    form.requestSubmit(submitter);
  });
  addEventListener("pageshow", () => (going = false));
}

/** One form's way to the server: says "saved" only after the server said so, and lets no button lose a word. */
class Drafts {
  constructor(form) {
    this.form = form;
    this.copies = new Copies(form.dataset.at);
    this.key = form.elements.key.value;
    this.words = $("[data-words]", form).content;
    this.stored = this.said(); // what the page and the server hold already
    this.retry = FIRST_RETRY;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("invalid", () => (this.going = false), true);
    addEventListener("online", () => this.save());
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.leave());
    addEventListener("beforeunload", (event) => {
      if (!this.going && this.unsaved && !this.keep()) event.preventDefault();
    });
    addEventListener("pageshow", (event) => {
      this.going = this.asking = false;
      if (event.persisted) this.changed();
    });
    this.offer();
  }

  said() {
    return JSON.stringify(this.fields());
  }

  fields() {
    return fieldsOf(new FormData(this.form));
  }

  get unsaved() {
    return this.said() !== this.stored;
  }

  /** Keep a copy here at once, and send it when the hand rests. */
  changed() {
    if (!this.unsaved) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), 300);
  }

  keep() {
    const own = Object.fromEntries(OURS.map((name) => [name, this.form.elements[name]?.value]));
    return this.unsaved ? this.copies.keep({ ...own, fields: this.fields() }) : true;
  }

  /** Send what is new. Returns what became of it: saved, refused, offline, signedout, other. */
  async save() {
    clearTimeout(this.timer);
    if (this.running) {
      this.again = true;
      return this.running;
    }
    if (!this.unsaved) return "saved";
    this.running = this.send().finally(() => {
      this.running = null;
      if (this.again) {
        this.again = false;
        this.changed();
      }
    });
    return this.running;
  }

  async send() {
    const sent = this.said();
    this.show("saving");
    const [outcome, answer] = await this.ask(this.data());
    if (this.going) return outcome;
    if (answer?.late) this.notSaved("offline"); // sent before publishing, as this clock says: it may be slow
    else if (outcome === "saved") this.saved(sent, answer);
    else if (outcome === "refused") this.say(answer.refused ?? this.word("waiting"));
    else this.notSaved(outcome);
    return outcome;
  }

  /** The form with its turn: what is sent last counts, whatever arrives last. */
  data() {
    const data = new FormData(this.form);
    this.turn = Math.max(Date.now(), (this.turn ?? 0) + 1);
    data.set("turn", this.turn);
    return data;
  }

  async ask(data, fresh = false) {
    try {
      const answer = await fetch(this.form.dataset.drafts, {
        method: "POST",
        body: data,
        headers: SCRIPTED,
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status === 401 || answer.redirected) return ["signedout"];
      if (answer.status === 403 && !fresh) {
        const trouble = await this.freshToken();
        if (trouble) return [trouble];
        data.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
        return this.ask(data, true);
      }
      if (answer.status >= 500) return ["offline"];
      return answer.ok ? ["saved", await answer.json()] : ["refused", await answer.json().catch(() => ({}))];
    } catch {
      return ["offline"];
    }
  }

  /** After signing in again a form needs another token: any page of ours has one, and says who is signed in. */
  async freshToken() {
    const answer = await fetch(new URL(this.form.dataset.drafts, location).pathname, { headers: SCRIPTED });
    if (answer.redirected) return "signedout";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = $("input[name=csrfmiddlewaretoken]", page)?.value;
    if (!token) return "offline";
    if ($("[data-me]", page)?.dataset.me !== $("[data-me]")?.dataset.me) return "other";
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
    return "";
  }

  saved(sent, answer) {
    this.stored = sent;
    this.retry = FIRST_RETRY;
    if (answer.mark) this.form.elements.draft.value = answer.mark;
    if (this.unsaved) this.keep();
    else this.copies.forget(this.key);
    this.say("");
    if (answer.saved) this.show("saved", new Date(answer.saved));
  }

  notSaved(outcome) {
    this.show(this.keep() ? "waiting" : "unkept");
    if (outcome !== "offline") this.say(this.word(outcome));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), this.retry);
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
  }

  /** A button first brings the words to the server; without an answer the page stays, with all that is in it. */
  async submitted(event) {
    if (this.going || event.defaultPrevented) return;
    event.preventDefault();
    if (this.asking) return;
    const { submitter } = event;
    this.asking = true;
    this.keep();
    const outcome = await this.reach();
    this.asking = false;
    if (submitter?.value === "draft") return;
    if (["offline", "signedout", "other"].includes(outcome)) {
      this.stored = ""; // whatever was said to be saved: the next press asks again, with a token that fits
      return this.say(this.word(outcome));
    }
    this.going = true;
    this.form.requestSubmit(submitter);
  }

  /** Save, or ask for nothing but an answer where nothing is new. */
  async reach() {
    if (this.running) await this.running;
    if (this.unsaved) return this.save();
    return answers(new URL(this.form.dataset.drafts, location).pathname);
  }

  /** The last words before the window goes: kept here, and sent on the way out. */
  leave() {
    if (this.going || !this.unsaved) return;
    this.keep();
    const data = this.data();
    fetch(this.form.dataset.drafts, { method: "POST", body: data, headers: SCRIPTED, keepalive: true })
      .then(async (answer) => {
        const said = answer.ok && !answer.redirected ? await answer.json() : { late: true };
        if (!said.late) this.saved(JSON.stringify(fieldsOf(data)), said);
      })
      .catch(() => {}); // larger than a browser sends on its way out: the copy is here
  }

  show(name, time) {
    const state = $("[data-state]", this.form);
    const word = $(`[data-word=${name}]`, this.words).cloneNode(true);
    const clock = $("time", word);
    if (clock) {
      clock.dateTime = time.toISOString();
      clock.textContent = time.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    }
    state.replaceChildren(...word.childNodes);
  }

  word(name) {
    const word = $(`[data-word=${name}]`, this.words).cloneNode(true);
    for (const link of word.querySelectorAll("a")) link.href = this.form.dataset.signIn;
    return word;
  }

  say(words) {
    const place = $("[data-trouble]", this.form);
    if (words instanceof Node) place.replaceChildren(...words.childNodes);
    else place.textContent = words;
  }

  /** Words that never reached the server are offered; those that did are the server's to offer. */
  offer() {
    const box = $("[data-restore]", this.form);
    const now = this.said();
    const copy = this.copies.all().find((one) => one.key !== this.key && JSON.stringify(one.fields) !== now);
    if (!copy) return;
    const when = $("[data-restore-when]", box);
    when.dateTime = new Date(copy.at).toISOString();
    when.textContent = new Date(copy.at).toLocaleString(document.documentElement.lang);
    // The same window's draft on the server is older than these words, unless it was gone on with elsewhere since.
    const draft = $(`[data-offer="${CSS.escape(copy.key)}"]`, this.form);
    if (draft && copy.draft?.endsWith(`.${draft.dataset.version}`)) draft.classList.add("older");
    box.hidden = false;
    $("[data-restore-yes]", box).addEventListener("click", () => {
      putBack(this.form, copy);
      box.hidden = true;
      this.form.dispatchEvent(new Event("put-back"));
      this.form.dispatchEvent(new Event("input", { bubbles: true }));
      if (this.keep()) this.copies.forget(copy.key);
    });
    $("[data-restore-no]", box).addEventListener("click", () => {
      this.copies.forget(copy.key);
      box.hidden = true;
    });
  }
}

const form = $("form[data-editor]");
if (form) new Drafts(form);
for (const waiting of document.querySelectorAll("form[data-waits]")) wait(waiting);
