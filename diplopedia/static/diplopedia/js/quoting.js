/* On an article: words one has chosen can be taken to the talk page. */

const link = document.querySelector("[data-quote-link]");
const text = document.querySelector("article.text .prose");
const LONGEST = 2000;

function chosen() {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return "";
  const range = selection.getRangeAt(0);
  return text.contains(range.commonAncestorContainer) ? selection.toString().trim() : "";
}

if (link && text) {
  document.addEventListener("selectionchange", () => {
    const words = chosen();
    link.hidden = words.length < 3 || words.length > LONGEST;
  });
  link.addEventListener("click", () => {
    const quote = chosen();
    try {
      if (quote) sessionStorage.setItem("diplopedia:quote", JSON.stringify({ quote, number: link.dataset.quoteLink, at: link.pathname }));
    } catch {
      // forbidden storage: the passage can be pasted there
    }
  });
}
