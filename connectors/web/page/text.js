// Every text of the page, in both languages, and the small Markdown that replies use, built as DOM nodes: whatever a
// document or a customer wrote is text, never markup.

export const TEXTS = {
  en: { other: "中文", anew: "New chat", label: "Your message", hint: "Ask a question…", send: "Send", stop: "Stop", thinking: "Looking for an answer…", source: "Source", open: "Open the article", offline: "Connection lost; trying again…", refused: "That could not be sent: ", helper: "A colleague has been asked to join.", stopped: "Stopped." },
  zh: { other: "English", anew: "新对话", label: "您的消息", hint: "请输入问题…", send: "发送", stop: "停止", thinking: "正在查找答案…", source: "出处", open: "打开文章", offline: "连接中断，正在重试…", refused: "发送失败：", helper: "已请人工同事加入。", stopped: "已停止。" },
};

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Paragraphs, bullet lists, **bold** and citation marks [1]; onMark(n) opens a citation.
export function rendered(text, onMark) {
  const blocks = document.createDocumentFragment();
  let list = null;
  for (const line of text.split("\n")) {
    const item = /^\s*[-*]\s+(.*)$/.exec(line);
    if (item) {
      list ??= blocks.appendChild(element("ul"));
      list.append(element("li", {}, inline(item[1], onMark)));
      continue;
    }
    list = null;
    if (line.trim()) blocks.append(element("p", {}, inline(line, onMark)));
  }
  return blocks;
}

function inline(line, onMark) {
  const nodes = document.createDocumentFragment();
  for (const piece of line.split(/(\*\*[^*]+\*\*|\[\d+\])/)) {
    const mark = /^\[(\d+)\]$/.exec(piece);
    if (mark) {
      const button = element("button", { type: "button", class: "mark", "aria-label": `[${mark[1]}]` }, mark[1]);
      button.addEventListener("click", () => onMark(Number(mark[1])));
      nodes.append(button);
    } else if (piece.startsWith("**") && piece.endsWith("**") && piece.length > 4) {
      nodes.append(element("strong", {}, piece.slice(2, -2)));
    } else if (piece) nodes.append(piece);
  }
  return nodes;
}

export function safeLink(url) {
  try {
    const parsed = new URL(url);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed.href : null;
  } catch { return null; }
}
