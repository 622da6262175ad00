// The demo page: what the chat is, in the visitor's language, and the line that embeds it.

const ZH = {
  page: "整页聊天", playground: "主题设计", title: "有问必答，答必有据。",
  lead: "这就是您的客户看到的聊天窗口：答案来自您自己的文章和产品表，每个答案都注明出处，支持中文和英文，需要时转接人工。",
  open: "打开聊天", proofTitle: "答案有据可查", proof: "每句话都引自您的资料。点一下标记就能看到原文；不知道的，绝不编造。",
  lostTitle: "一字不丢", lost: "回答到一半刷新页面、断网、再开一个标签页：对话都会从原处继续，不缺一字，不重一字。",
  allTitle: "人人可用", all: "支持键盘和读屏软件，浅色和深色，手机和电脑，八种语言，包括从右到左的文字。",
  safeTitle: "放心嵌入", safe: "不用 Cookie，不做跟踪，统一净化内容，符合最严格的内容安全策略；总共不到 50 kB。",
  embedTitle: "一行代码，嵌入您的网站", copy: "复制", copied: "已复制", origins: "请在 parley.toml 的 [server] 中，把您的网站地址加入 allowed_origins。",
};
const EN = { copied: "Copied" };
const at = (id) => document.getElementById(id);
for (const node of document.querySelectorAll("[data-t]")) EN[node.dataset.t] = node.textContent;

let language = (kept() ?? navigator.language).toLowerCase().startsWith("zh") ? "zh" : "en";

function kept() { try { return localStorage.getItem("parley-page"); } catch { return null; } }

async function speak() {
  const texts = language === "zh" ? ZH : EN;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = texts[node.dataset.t];
  at("language").textContent = language === "zh" ? "English" : "中文";
  at("language").lang = language === "zh" ? "en" : "zh-CN";
  await customElements.whenDefined("parley-chat");
  const chat = document.querySelector("parley-chat");
  chat.lang = document.documentElement.lang;
  const answer = await fetch(`/v1/widget?lang=${language}`).catch(() => null);
  if (!answer?.ok) return;
  const { company, suggestions } = await answer.json();
  if (company) document.title = at("company").textContent = company;
  at("questions").replaceChildren(...suggestions.map((question) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = question;
    button.addEventListener("click", () => { chat.open(); chat.send(question); });
    return button;
  }));
}

at("line").textContent = `<script async src="${location.origin}/widget/loader.js"></script>`;
at("open").addEventListener("click", () => document.querySelector("parley-chat").open());
at("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(at("line").textContent);
  at("copy").textContent = (language === "zh" ? ZH : EN).copied;
});
at("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  try { localStorage.setItem("parley-page", language); } catch { /* lives as long as the page */ }
  speak();
});
speak();
