/* Talk: words are kept in this browser until they are sent, and a passage chosen on the page is put into the form. */

const $ = (selector, within = document) => within.querySelector(selector);
const WORDS = "textarea, input[type=text]";

function stored(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null; // forbidden or broken storage holds no copy
  }
}

function store(name, copy) {
  try {
    if (copy) localStorage.setItem(name, JSON.stringify(copy));
    else localStorage.removeItem(name);
  } catch {
    // full or forbidden: the page then asks before it is left
  }
}

/** Keep a copy while one writes, offer it again after an accident, ask before leaving with unsent words. */
function keep(form) {
  const name = `diplopedia:${form.dataset.keep}`;
  const fields = [...form.querySelectorAll(WORDS)];
  const said = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const offer = $("[data-restore]", form);
  const before = stored(name);
  let began = JSON.stringify(said());
  let sending = false;
  const changed = () => JSON.stringify(said()) !== began;
  if (before && JSON.stringify(before.fields) !== began) {
    const when = $("[data-restore-when]", offer);
    when.dateTime = new Date(before.at).toISOString();
    when.textContent = new Date(before.at).toLocaleString(document.documentElement.lang);
    offer.hidden = false;
  }
  $("[data-restore-yes]", offer).addEventListener("click", () => {
    for (const field of fields) field.value = before.fields[field.name] ?? field.value;
    offer.hidden = true;
    fields.at(-1).focus();
  });
  $("[data-restore-no]", offer).addEventListener("click", () => {
    store(name, null);
    offer.hidden = true;
  });
  const copy = () => store(name, { fields: said(), key: form.elements.key.value, at: Date.now() });
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
