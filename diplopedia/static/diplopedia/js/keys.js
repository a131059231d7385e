/* Security keys: offered where the browser has them, and a key that does not answer is said. */

const failed = document.querySelector("[data-key-failed]");

for (const offer of document.querySelectorAll("[data-passkey]")) offer.hidden = !window.PublicKeyCredential;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // who changes their mind at the key has done nothing wrong: no error for the console
  failed.hidden = false;
  failed.focus();
});
