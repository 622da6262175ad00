/** Markdown as DOM nodes. All that comes from documents, models and customers passes this one sanitiser. */

import DOMPurify, { type Config as Rules } from "dompurify";
import { Marked } from "marked";

const escaped = (text: string): string => text.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`);
// Markup within a text is shown as it was written: nobody who answers customers needs it.
const marked = new Marked({ gfm: true, breaks: true, async: false, renderer: { html: ({ text }) => escaped(text) } });
const RULES: Rules = {
  ALLOWED_TAGS: ["p", "br", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "thead", "tbody", "tr", "th", "td", "a", "img"],
  ALLOWED_ATTR: ["href", "title", "src", "alt", "start", "align"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:)/i, ALLOW_DATA_ATTR: false, ALLOW_ARIA_ATTR: false, RETURN_DOM_FRAGMENT: true,
};

/** mark(n) makes the node of the citation `[n]`; without it citations are left out. images: origins from which images are shown, others are links. */
export function rendered(text: string, mark?: Mark, images: readonly string[] = []): DocumentFragment {
  const nodes = DOMPurify.sanitize(marked.parse(text) as string, RULES) as unknown as DocumentFragment | null ?? new DocumentFragment();
  for (const image of nodes.querySelectorAll("img")) settle(image, images);
  for (const link of nodes.querySelectorAll("a")) {
    if (!link.hasAttribute("href")) { link.replaceWith(...link.childNodes); continue; }
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
  }
  for (const table of nodes.querySelectorAll("table")) {
    const frame = document.createElement("div");
    frame.className = "wide";
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const wide of nodes.querySelectorAll<HTMLElement>(".wide, pre")) wide.tabIndex = 0;
  cite(nodes, mark);
  return nodes;
}

function settle(image: HTMLImageElement, images: readonly string[]): void {
  const address = safeLink(image.getAttribute("src") ?? "");
  if (address && images.includes(new URL(address).origin)) {
    image.loading = "lazy";
    image.referrerPolicy = "no-referrer";
    image.crossOrigin = "anonymous";
    return;
  }
  const named = document.createElement("a");
  named.textContent = image.alt || address || "";
  if (address) named.href = address;
  image.replaceWith(address ? named : named.textContent);
}

export type Mark = (n: number) => Node;

/** Puts marks where `[1]` or `[1, 2]` stands in a text, code aside. */
function cite(nodes: DocumentFragment, mark?: Mark): void {
  const walker = document.createTreeWalker(nodes, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    if (text.parentElement?.closest("code,pre,a") || !/\[\d/.test(text.data)) continue;
    if (!mark) { text.data = text.data.replace(/ ?\[\d[\d\s,，]*\]/g, ""); continue; }
    const pieces = text.data.split(/(\[\d{1,3}(?:\s*[,，]\s*\d{1,3})*\])/);
    text.replaceWith(...pieces.flatMap((piece): (Node | string)[] => (
      /^\[\d[\d\s,，]*\]$/.test(piece) ? Array.from(piece.match(/\d+/g)!, (n) => mark(Number(n))) : piece ? [piece] : [])));
  }
}

/** The address, where it is one that a link may lead to; otherwise null. */
export function safeLink(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch { return null; }
}

/** What a screen reader says of a text: its words, without markup and marks. */
export const spoken = (text: string): string => text.replace(/ ?\[\d+(?:\s*,\s*\d+)*\]|\*\*|[`#]|^\s*[-|:\s]+$/gm, "").replace(/\|/g, ", ").trim();
