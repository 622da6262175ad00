// A finished reply: its text with marks that open the sources, the sources, and what one can do about it.

import { element, rendered, safeLink } from "./text.js";

export const plainMark = (n) => element("span", { class: "mark" }, String(n));

// The nodes of a reply's card. t(key): a text of the page.
export function replyNodes(reply, t) {
  const cards = new Map(reply.citations.map((citation) => [citation.n, source(citation, t)]));
  const mark = (n) => {
    const card = cards.get(n);
    if (!card) return `[${n}]`;
    const title = reply.citations.find((citation) => citation.n === n).title;
    const button = element("button", { type: "button", class: "mark", "aria-label": `${t("source")} ${n}: ${title}` }, String(n));
    button.addEventListener("click", () => { card.open = true; card.querySelector("summary").focus(); });
    return button;
  };
  const nodes = [rendered(reply.text, mark)];
  if (cards.size) nodes.push(element("section", { class: "sources" }, element("h2", {}, t("sources")), ...cards.values()));
  return nodes;
}

function source(citation, t) {
  const page = citation.page ? ` (${t("page").replace("#", citation.page)})` : "";
  const card = element("details", {}, element("summary", {}, `${citation.n}. ${citation.title}${page}`), element("blockquote", {}, citation.quote));
  const address = citation.link || citation.url;
  const link = address && safeLink(address);
  if (link) card.append(element("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, t("open")));
  return card;
}

// "Helpful" and "Not helpful"; rate(value) sends the verdict, and shows it once the event log has it.
export function verdict(t, rate) {
  const thanks = element("span", { role: "status" });
  const buttons = [[1, "good"], [-1, "bad"]].map(([value, name]) => {
    const button = element("button", { type: "button", "aria-pressed": "false", "data-value": value }, t(name));
    button.addEventListener("click", () => rate(value));
    return button;
  });
  const row = element("div", { class: "verdict", role: "group", "aria-label": t("verdict") }, ...buttons, thanks);
  const given = (value) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(Number(button.dataset.value) === value));
    thanks.textContent = t("thanks");
  };
  return { row, given };
}
