/* What is pasted from Word, a web page or a spreadsheet becomes Markdown: headings, lists, tables, links, bold, italics. */

const MOST = 2_000_000; // characters of HTML; more is pasted as plain text
const STRUCTURE = "table, ul, ol, h1, h2, h3, h4, h5, h6, a[href], b, strong, i, em, blockquote, pre, [data-style*='mso-list']";
const LEFT_OUT = new Set(["STYLE", "SCRIPT", "HEAD", "TITLE", "META", "LINK", "TEMPLATE", "O:P", "IMG", "SVG"]);
const BLOCKS = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CENTER DIV DL DT DD FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION TABLE UL".split(" "),
);

/** Parse without ever meeting a style or a handler: the content policy would report each. */
function parsed(html) {
  const plain = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<!\[(?:if|endif)[^>]*>/gi, "").replace(/([\s"'/])(style|on[a-z]+)\s*=/gi, "$1data-$2=");
  return new DOMParser().parseFromString(plain, "text/html").body;
}

const spaced = (text) => text.replace(/[\s\u00a0]+/g, " ");
const styleOf = (node) => node.dataset?.style ?? "";

/** Words between marks; spaces at their ends stay outside, where marks work. */
function marked(mark, text) {
  const words = text.trim();
  if (!words || words.includes("\n\n")) return text;
  return text.replace(words, () => `${mark}${words}${mark}`);
}

function escaped(text) {
  return spaced(text).replace(/[\\`*\[\]<]/g, "\\$&").replace(/(^|\s)_|_($|\s)/g, (found) => found.replace("_", "\\_"));
}

function isBold(node) {
  if (/font-weight:\s*(normal|400)/.test(styleOf(node))) return false;
  return ["B", "STRONG"].includes(node.tagName) || /font-weight:\s*(bold|[6-9]00)/.test(styleOf(node));
}

function isItalic(node) {
  if (/font-style:\s*normal/.test(styleOf(node))) return false;
  return ["I", "EM", "CITE"].includes(node.tagName) || /font-style:\s*italic/.test(styleOf(node));
}

/** An address as it may stand between brackets. */
const safe = (address) => address.replace(/[()\s]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/** The Markdown of a line of text. */
function inline(node) {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE || LEFT_OUT.has(node.tagName) || /mso-list:\s*ignore/i.test(styleOf(node))) return "";
  if (node.tagName === "BR") return "\\\n";
  if (node.tagName === "CODE") return marked("`", node.textContent);
  const text = [...node.childNodes].map(inline).join("");
  if (node.tagName === "A") return link(node, text);
  if (isBold(node)) return marked("**", text);
  if (isItalic(node)) return marked("*", text);
  return ["S", "DEL", "STRIKE"].includes(node.tagName) ? marked("~~", text) : text;
}

function link(node, text) {
  const address = node.getAttribute("href") ?? "";
  if (!/^(https?:|mailto:)/i.test(address) || !text.trim()) return text;
  return text.trim() === escaped(address) ? address : `[${text.trim()}](${safe(address)})`;
}

const line = (node) => inline(node).replace(/(\\\n\s*)+$/, "").replace(/^(\s*\\\n)+/, "").trim();

/** The Markdown of blocks, each a text without empty lines around it. */
function blocks(parent) {
  const found = [];
  let loose = [];
  const settle = () => {
    const text = loose.map(inline).join("").replace(/(\\\n\s*)+$/, "").trim();
    if (text) found.push(text);
    loose = [];
  };
  for (const node of parent.childNodes) {
    if (BLOCKS.has(node.tagName) || node.querySelector?.("p, div, table, ul, ol, h1, h2, h3, h4, h5, h6")) {
      settle();
      found.push(...block(node));
    } else loose.push(node);
  }
  settle();
  return found.filter(Boolean);
}

function block(node) {
  const heading = /^H([1-6])$/.exec(node.tagName);
  if (heading) return [line(node) && `${"#".repeat(Math.max(2, heading[1]))} ${line(node).replaceAll("**", "")}`];
  if (node.tagName === "TABLE") return [table(node)];
  if (node.tagName === "UL" || node.tagName === "OL") return [list(node)];
  if (node.tagName === "PRE") return [`\`\`\`\n${node.textContent.replace(/\n$/, "")}\n\`\`\``];
  if (node.tagName === "HR") return ["---"];
  if (node.tagName === "BLOCKQUOTE") return [blocks(node).join("\n\n").replace(/^/gm, "> ")];
  const word = /mso-list:.*?level(\d)/i.exec(styleOf(node));
  if (word) return [wordItem(node, Number(word[1]))];
  return blocks(node);
}

function list(node, depth = 0) {
  const items = [...node.children].map((item, n) => {
    if (["UL", "OL"].includes(item.tagName)) return list(item, depth + 1);
    const inner = [...item.children].filter((child) => ["UL", "OL"].includes(child.tagName));
    const words = item.cloneNode(true);
    for (const child of words.querySelectorAll(":scope > ul, :scope > ol")) child.remove();
    const mark = node.tagName === "OL" ? `${(Number(node.getAttribute("start")) || 1) + n}.` : "-";
    return [`${"   ".repeat(depth)}${mark} ${line(words)}`, ...inner.map((child) => list(child, depth + 1))].join("\n");
  });
  return items.join("\n");
}

/** Word's lists are paragraphs: the sign before the words says of which kind. */
function wordItem(node, level) {
  const sign = [...node.querySelectorAll("[data-style]")].find((part) => /mso-list:\s*ignore/i.test(styleOf(part)));
  const numbered = /^[\s(]*[0-9a-z]{1,4}[.)]/i.test(sign?.textContent ?? "");
  return `${"   ".repeat(level - 1)}${numbered ? "1." : "-"} ${line(node)}`;
}

function table(node) {
  const rows = [...node.rows].map((row) => [...row.cells].flatMap((cell) => [cellText(cell), ...Array(Math.min(cell.colSpan, 50) - 1).fill("")]));
  const used = rows.filter((row) => row.some(Boolean));
  if (!used.length) return "";
  const width = Math.max(...used.map((row) => row.length));
  if (width === 1) return used.map(([cell]) => cell).join("\n\n");
  const text = used.map((row) => `| ${[...row, ...Array(width - row.length).fill("")].join(" | ")} |`);
  return [text[0], `|${" --- |".repeat(width)}`, ...text.slice(1)].join("\n");
}

const cellText = (cell) => line(cell).replace(/\s*\\\n\s*/g, "<br>").replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");

/** Items of one list stand together, everything else apart. */
function joined(parts) {
  const item = /^\s*(-|\d+\.) /;
  return parts.reduce((text, part) => text + (text && (item.test(part) && item.test(text.split("\n").pop()) ? "\n" : "\n\n")) + part, "");
}

/** The Markdown of what was copied, or nothing where its plain text says it all. */
function markdownOf(html) {
  if (!html || html.length > MOST) return "";
  const body = parsed(html);
  return body.querySelector(STRUCTURE) || /font-(weight|style)/.test(html) ? joined(blocks(body)) : "";
}

const area = document.querySelector("form[data-editor] textarea[name=body]");
area?.addEventListener("paste", (event) => {
  const data = event.clipboardData;
  const plain = data.getData("text/plain").trim();
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
  const address = /^https?:\/\/\S+$/.test(plain) && chosen.trim() && !chosen.includes("\n");
  const text = address ? `[${chosen.trim()}](${safe(plain)})` : markdownOf(data.getData("text/html"));
  if (!text || event.defaultPrevented) return;
  event.preventDefault();
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
