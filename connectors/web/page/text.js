// The small Markdown that replies use, built as DOM nodes: whatever a document or a customer wrote is text, never markup.

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Paragraphs, lists, tables, **bold** and citation marks [1]; mark(n) makes the node of one.
export function rendered(text, mark) {
  const blocks = document.createDocumentFragment();
  let open = null;
  for (const line of text.split("\n")) {
    const item = /^\s*(?:[-*]|(\d{1,3})\.)\s+(.*)$/.exec(line);
    if (item) {
      const kind = item[1] ? "ol" : "ul";
      if (open?.localName !== kind) open = blocks.appendChild(element(kind, item[1] ? { start: item[1] } : {}));
      open.append(element("li", {}, inline(item[2], mark)));
    } else if (/^\s*\|.*\|\s*$/.test(line)) {
      if (open?.localName !== "table") open = blocks.appendChild(element("table"));
      if (!/^[\s|:-]+$/.test(line) || !open.rows.length) open.append(row(line, open.rows.length ? "td" : "th", mark));
    } else {
      open = null;
      if (line.trim()) blocks.append(element("p", {}, inline(line, mark)));
    }
  }
  return blocks;
}

function row(line, kind, mark) {
  const cells = line.trim().slice(1, -1).split("|");
  return element("tr", {}, ...cells.map((cell) => element(kind, {}, inline(cell.trim(), mark))));
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
