/* What every page gets on top of its plain HTML. Nothing here is needed to read, search or write. */

const $ = (selector, within = document) => within.querySelector(selector);

/** `/` goes to the search box, unless somebody is typing. */
function slashFocusesSearch() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
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

/** What went wrong is read out and in view. */
function focusErrors() {
  $("[data-focus]")?.focus();
}

slashFocusesSearch();
menusClose();
themeChoice();
relativeTimes();
contentsFollow();
submitOnce();
focusErrors();
