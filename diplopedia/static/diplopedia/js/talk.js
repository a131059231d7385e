/* Talk: words are kept in this browser until they are sent, and a passage chosen on the page is put into the form. */

const $ = (selector, within = document) => within.querySelector(selector);
const WORDS = "textarea, input[type=text]";

/** The copies for one place, the newest first: one for each form, or two tabs would write over each other. */
function copiesAt(place) {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(place));
    return names.map((name) => ({ name, ...JSON.parse(localStorage.getItem(name)) })).sort((one, other) => other.at - one.at);
  } catch {
    return []; // forbidden or broken storage holds no copy
  }
}

function store(name, copy) {
  try {
    if (copy) localStorage.setItem(name, JSON.stringify(copy));
    else localStorage.removeItem(name);
    return true;
  } catch {
    return false; // full or forbidden: the page then asks before it is left
  }
}

/** Keep a copy while one writes, offer it again after an accident, ask before leaving with unsent words. */
function keep(form) {
  const place = `diplopedia:${form.dataset.keep}#`;
  const key = form.elements.key.value;
  const fields = [...form.querySelectorAll(WORDS)];
  const said = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  let began = JSON.stringify(said());
  let sending = false;
  const changed = () => JSON.stringify(said()) !== began;
  const copy = () => store(place + key, { fields: said(), key, at: Date.now() });
  offer(form, copiesAt(place), key, began, (before) => {
    for (const field of fields) field.value = before.fields[field.name] ?? field.value;
    if (copy() && before.name !== place + key) store(before.name, null);
    fields.at(-1).focus();
  });
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => changed() && copy(), 400);
  });
  form.addEventListener("submit", () => {
    sending = true;
    copy();
  });
  form.addEventListener("quoted", () => {
    began = JSON.stringify(said());
  });
  addEventListener("beforeunload", (event) => {
    if (!sending && changed()) event.preventDefault();
  });
  addEventListener("pageshow", () => {
    sending = false;
  });
}

/** Offer the newest copy that says something else than the form; those of other forms that say the same can go. */
function offer(form, copies, key, began, putBack) {
  const same = (one) => JSON.stringify(one.fields) === began;
  for (const one of copies) if (same(one) && one.key !== key) store(one.name, null);
  const before = copies.find((one) => !same(one));
  if (!before) return;
  const box = $("[data-restore]", form);
  const when = $("[data-restore-when]", box);
  when.dateTime = new Date(before.at).toISOString();
  when.textContent = new Date(before.at).toLocaleString(document.documentElement.lang);
  box.hidden = false;
  $("[data-restore-yes]", box).addEventListener("click", () => {
    putBack(before);
    box.hidden = true;
  });
  $("[data-restore-no]", box).addEventListener("click", () => {
    store(before.name, null);
    box.hidden = true;
  });
}

/** Take over the passage that was chosen on the page. */
function takeQuote(form) {
  try {
    const passage = JSON.parse(sessionStorage.getItem("diplopedia:quote"));
    sessionStorage.removeItem("diplopedia:quote");
    if (!passage || passage.at !== new URL(location.href).pathname || form.elements.quote.value) return;
    form.elements.quote.value = passage.quote;
    form.elements.quoted.value = passage.number;
    form.dispatchEvent(new Event("quoted"));
  } catch {
    // nothing was chosen, or storage is forbidden: one pastes the passage
  }
}

/** Titles after [[ and colleagues after @, as in the editor. */
async function completeNames(form) {
  const { complete } = await import(new URL(form.dataset.complete, location.href));
  const typing = document.activeElement === form.elements.body;
  form.dataset.suggest = form.dataset.names;
  complete(form);
  if (typing) form.elements.body.focus();
}

for (const form of document.querySelectorAll("form[data-keep]")) {
  keep(form);
  completeNames(form).catch(() => {}); // without it one types names and titles oneself
  if ("quote" in form.dataset) takeQuote(form);
}
