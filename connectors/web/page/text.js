// The small Markdown that replies use, built as DOM nodes: whatever a document or a customer wrote is text, never markup.

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Paragraphs, bullet lists, **bold** and citation marks [1]; mark(n) makes the node of one.
export function rendered(text, mark) {
  const blocks = document.createDocumentFragment();
  let list = null;
  for (const line of text.split("\n")) {
    const item = /^\s*[-*]\s+(.*)$/.exec(line);
    if (item) {
      list ??= blocks.appendChild(element("ul"));
      list.append(element("li", {}, inline(item[1], mark)));
      continue;
    }
    list = null;
    if (line.trim()) blocks.append(element("p", {}, inline(line, mark)));
  }
  return blocks;
}

function inline(line, mark) {
  const nodes = document.createDocumentFragment();
  for (const piece of line.split(/(\*\*[^*]+\*\*|\[\d+\])/)) {
    const number = /^\[(\d+)\]$/.exec(piece);
    if (number) nodes.append(mark(Number(number[1])));
    else if (piece.startsWith("**") && piece.endsWith("**") && piece.length > 4) nodes.append(element("strong", {}, piece.slice(2, -2)));
    else if (piece) nodes.append(piece);
  }
  return nodes;
}

export function safeLink(url) {
  try {
    const parsed = new URL(url);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed.href : null;
  } catch { return null; }
}
