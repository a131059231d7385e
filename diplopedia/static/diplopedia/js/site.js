/* What every page gets on top of its plain HTML. Nothing here is needed to read, search or write. */

const $ = (selector, within = document) => within.querySelector(selector);

/** `/` goes to the search box, unless somebody is typing. */
function slashFocusesSearch() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    const box = $(".ask input[type=search]") ?? $("#q");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

/** An open menu closes with Escape and with a click elsewhere. */
function menusClose() {
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      $("summary", menu).focus();
    }
  });
}

/** Light, dark or the system's colours; a cookie lets the server draw the next page right from the start. */
function themeChoice() {
  const choice = $("[data-theme-choice]");
  if (!choice) return;
  const root = document.documentElement;
  const show = () => {
    for (const button of choice.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme ?? "")));
    }
  };
  choice.hidden = false;
  choice.addEventListener("click", ({ target }) => {
    if (target.tagName !== "BUTTON") return;
    if (target.value) root.dataset.theme = target.value;
    else delete root.dataset.theme;
    const age = target.value ? 31536000 : 0;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${target.value}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
    show();
  });
  show();
}

/** Recent moments read "2 days ago"; the full date stays as the title. */
function relativeTimes() {
  const lang = document.documentElement.lang || "en";
  const format = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  const steps = [["minute", 60], ["hour", 3600], ["day", 86400]];
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
    const ago = Math.abs(seconds);
    if (!(ago < 7 * 86400)) continue;
    const [unit, size] = steps.filter(([, length]) => ago >= length).pop() ?? steps[0];
    time.title = time.textContent;
    time.textContent = format.format(Math.trunc(seconds / size), unit);
  }
}

/** The contents mark the section being read. */
function contentsFollow() {
  const links = new Map();
  for (const link of document.querySelectorAll(".toc a[href^='#']")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  if (!links.size) return;
  const headings = [...links.keys()];
  const mark = () => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 140).pop() ?? headings[0];
    for (const [heading, link] of links) link.toggleAttribute("aria-current", heading === passed);
    links.get(passed).setAttribute("aria-current", "true");
  };
  const observer = new IntersectionObserver(mark, { rootMargin: "-100px 0px -60% 0px" });
  headings.forEach((heading) => observer.observe(heading));
  mark();
}

/** Of tabs that do not fit, the one that is open is in view. */
function tabsShow() {
  for (const tab of document.querySelectorAll(".tabs > [aria-current]")) {
    const { offsetLeft, offsetWidth, parentElement: row } = tab;
    if (row.scrollWidth > row.clientWidth) row.scrollLeft = offsetLeft - row.offsetLeft - (row.clientWidth - offsetWidth) / 2;
  }
}

/** A form that writes is sent once, however often the button is pressed. */
function submitOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
}

/** Escape hides the meaning of a term until one points at it anew. */
function meaningsHide() {
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const term of document.querySelectorAll(".term:is(:hover, :focus-within)")) {
      term.dataset.hidden = "";
      for (const left of ["pointerleave", "focusout"]) {
        term.addEventListener(left, () => delete term.dataset.hidden, { once: true });
      }
    }
  });
}

/** Over a link to a colleague a card says in short who that is: while one points at it with a mouse, or it has the focus. */
class Cards {
  constructor() {
    this.asked = new Map();
    this.card = document.createElement("div");
    this.card.className = "whocard";
    this.card.id = "whocard";
    this.card.role = "tooltip";
    document.addEventListener("pointerover", ({ target, pointerType }) => {
      if (pointerType !== "mouse" || this.card.contains(target)) return clearTimeout(this.timer);
      this.later(this.linkAt(target), 300);
    });
    document.addEventListener("focusin", ({ target }) => this.later(target.matches(":focus-visible") && this.linkAt(target), 300));
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
  }

  /** A link in the page to somebody's profile, other than this one's and those of the directory, which says it all. */
  linkAt(target) {
    const link = target.closest("main a[href^='/people/']:not(.matches a)");
    const ofPerson = /^\/people\/(?!(?:languages|offices|posts|search)\/)[^/]+\/$/;
    return link && ofPerson.test(link.pathname) && link.pathname !== location.pathname ? link : null;
  }

  later(link, wait) {
    clearTimeout(this.timer);
    if (link && link === this.link) return;
    this.timer = setTimeout(() => (link ? this.open(link) : this.close()), wait);
  }

  async open(link) {
    this.close();
    this.link = link;
    if (!this.asked.has(link.pathname)) this.asked.set(link.pathname, this.ask(link.pathname));
    const said = await this.asked.get(link.pathname);
    if (!said || this.link !== link) return;
    this.card.innerHTML = said;
    $("main").append(this.card);
    link.setAttribute("aria-describedby", this.card.id);
    this.place(link.getBoundingClientRect());
  }

  async ask(path) {
    try {
      const answer = await fetch(`${path}card/`);
      return answer.ok && !answer.redirected ? await answer.text() : "";
    } catch {
      return ""; // the link still leads there
    }
  }

  /** Below the link, or above it where there is more room. */
  place(link) {
    const { offsetWidth: wide, offsetHeight: high, style } = this.card;
    const above = link.bottom + high > innerHeight && link.top > high;
    style.left = `${scrollX + Math.max(8, Math.min(link.left, document.documentElement.clientWidth - wide - 8))}px`;
    style.top = `${scrollY + (above ? link.top - high : link.bottom)}px`;
  }

  close() {
    clearTimeout(this.timer);
    this.card.remove();
    this.link?.removeAttribute("aria-describedby");
    this.link = null;
  }
}

/** A copy of words that this browser kept goes when the page shows that the server has them. */
function forgetSavedCopies() {
  const key = $("[data-saved]")?.dataset.saved.replace(/\++$/, ""); // a merged save adds a plus
  if (!key) return;
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("diplopedia:") && JSON.parse(localStorage.getItem(name)).key === key) localStorage.removeItem(name);
    }
  } catch {
    // forbidden storage holds no copies
  }
}

/** That a page was read is told to the server, after some seconds in view, where it asked to know. */
function tellRead() {
  const form = $("form[data-read]");
  if (!form) return;
  let seconds = 0;
  const clock = setInterval(() => {
    if (document.visibilityState !== "visible" || ++seconds < 3) return;
    clearInterval(clock);
    navigator.sendBeacon(form.action, new FormData(form));
  }, 1000);
}

/** What went wrong is read out and in view. */
function focusErrors() {
  $("[data-focus]")?.focus();
}

/** A filter form marked data-auto sends itself when a choice changes. */
function filtersApply() {
  document.addEventListener("change", ({ target }) => {
    const form = target.closest("form[data-auto]");
    if (form && target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });
}

/** Titles and names while one types: a combobox with a listbox. */
class Suggestions {
  constructor(form) {
    this.input = $("input[type=search]", form);
    this.url = form.dataset.suggest;
    this.list = document.createElement("ul");
    this.list.className = "suggest";
    this.list.role = "listbox";
    this.list.id = `${this.input.id}-suggestions`;
    this.list.ariaLabel = this.input.labels[0]?.textContent ?? "";
    this.list.hidden = true;
    this.input.parentElement.append(this.list);
    this.input.role = "combobox";
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", "false");
    this.items = [];
    this.at = -1;
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-url]");
      if (row) location.assign(row.dataset.url);
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 120);
  }

  async ask() {
    const text = this.input.value.trim();
    this.asked?.abort();
    if (text.length < 2) return this.close();
    this.asked = new AbortController();
    try {
      const join = this.url.includes("?") ? "&" : "?";
      const answer = await fetch(`${this.url}${join}q=${encodeURIComponent(text)}`, {
        signal: this.asked.signal,
        headers: { Accept: "application/json" },
      });
      if (answer.ok && document.activeElement === this.input) this.show((await answer.json()).items);
      else this.close();
    } catch {
      this.close(); // the box still searches without suggestions
    }
  }

  show(items) {
    this.items = items;
    this.at = -1;
    this.list.replaceChildren(...items.map((item, n) => this.row(item, n)));
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  row(item, n) {
    const row = document.createElement("li");
    row.role = "option";
    row.id = `${this.list.id}-${n}`;
    row.dataset.url = item.url;
    row.ariaSelected = "false";
    if (item.kind === "person") row.className = "who";
    const detail = document.createElement("small");
    detail.textContent = item.detail ?? "";
    row.append(item.title, detail);
    return row;
  }

  key(event) {
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.move(step);
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      location.assign(this.items[this.at].url);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  move(step) {
    const rows = this.list.children;
    if (this.at >= 0) rows[this.at].ariaSelected = "false";
    const places = rows.length + 1; // one of them is the box itself
    this.at = ((this.at + 1 + step + places) % places) - 1;
    if (this.at < 0) return this.input.removeAttribute("aria-activedescendant");
    rows[this.at].ariaSelected = "true";
    rows[this.at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", rows[this.at].id);
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

/** What a browser's own menu does as well; without scripts nothing is offered. */
function printsPage() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

for (const form of document.querySelectorAll("form[data-suggest]:not([data-editor])")) new Suggestions(form);
filtersApply();
slashFocusesSearch();
menusClose();
themeChoice();
relativeTimes();
contentsFollow();
tabsShow();
submitOnce();
focusErrors();
forgetSavedCopies();
meaningsHide();
printsPage();
new Cards();
tellRead();
