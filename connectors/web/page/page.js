import { Conversation } from "./stream.js";
import { TEXTS, element, rendered, safeLink } from "./text.js";

const at = (id) => document.getElementById(id);
let language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
let conversation = null;
let current = null; // the reply being streamed: { node, text }

const t = (key) => TEXTS[language][key];

function speakLanguage() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  at("language").textContent = t("other");
  at("anew").textContent = t("anew");
  at("label").textContent = t("label");
  at("text").placeholder = t("hint");
  at("send").textContent = t("send");
  at("stop").textContent = t("stop");
  suggest();
}

async function suggest() {
  const wanted = language;
  const questions = at("log").childElementCount ? [] : await fetch(`/v1/suggestions?lang=${wanted}`).then((r) => r.json()).catch(() => []);
  if (wanted !== language) return;
  at("suggestions").replaceChildren(...(at("log").childElementCount ? [] : questions).map((question) => {
    const button = element("button", { type: "button" }, question);
    button.addEventListener("click", () => send(question));
    return button;
  }));
}

function show(role, ...content) {
  at("suggestions").replaceChildren();
  const node = element("article", { class: `message ${role}` }, ...content);
  at("log").append(node);
  node.scrollIntoView({ block: "end" });
  return node;
}

function busy(on) {
  at("state").textContent = on ? t("thinking") : "";
  at("stop").hidden = !on;
  at("send").hidden = on;
}

function citations(reply) {
  return reply.citations.map((citation) => {
    const link = citation.url && safeLink(citation.url);
    const details = element("details", { "data-n": citation.n },
      element("summary", {}, `[${citation.n}] ${citation.title}`), element("blockquote", {}, citation.quote));
    if (link) details.append(element("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, t("open")));
    return details;
  });
}

function complete(reply) {
  const node = current?.node ?? show("assistant");
  const open = (n) => { const card = node.querySelector(`details[data-n="${n}"]`); if (card) { card.open = true; card.querySelector("summary").focus(); } };
  node.replaceChildren(rendered(reply.text, open), ...citations(reply));
  node.lang = reply.language === "zh" ? "zh-CN" : "en";
  node.scrollIntoView({ block: "end" });
  at("spoken").textContent = reply.text.replace(/\[\d+\]|\*\*/g, "");
}

const HANDLERS = {
  "message.received": (data) => { show("user", data.text); busy(true); },
  "turn.started": () => { current?.node.remove(); current = null; busy(true); },
  "reply.delta": (data) => {
    current ??= { node: show("assistant"), text: "" };
    current.text = data.reset ? "" : current.text + data.text;
    current.node.replaceChildren(rendered(current.text, () => {}));
    current.node.scrollIntoView({ block: "end" });
  },
  "reply.completed": (data) => { complete(data); current = null; busy(false); },
  "turn.failed": (data) => { current?.node.remove(); current = null; show("failed", data.text); busy(false); },
  "turn.stopped": () => { current = null; busy(false); at("state").textContent = t("stopped"); },
  "handoff.requested": () => { at("state").textContent = t("helper"); },
  "message.agent": (data) => show("assistant", rendered(data.text, () => {})),
};

async function send(text) {
  const trimmed = text.trim();
  if (!trimmed || !conversation) return;
  at("text").value = "";
  const body = { text: trimmed, client_id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
  for (let attempt = 0; ; attempt += 1) {
    try { await conversation.post("messages", body); return; } catch (error) {
      if (error instanceof TypeError && attempt < 4) { await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt)); continue; }
      at("state").textContent = t("refused") + error.message;
      at("text").value = trimmed;
      return;
    }
  }
}

at("form").addEventListener("submit", (event) => { event.preventDefault(); send(at("text").value); });
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(at("text").value); }
});
at("stop").addEventListener("click", () => conversation.post("stop"));
at("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; speakLanguage(); });
at("anew").addEventListener("click", () => { Conversation.forget(); location.reload(); });

speakLanguage();
conversation = await Conversation.open();
conversation.follow(
  (event) => HANDLERS[event.type]?.(event.data),
  (connected) => { if (!connected) at("state").textContent = t("offline"); else if (at("state").textContent === t("offline")) at("state").textContent = ""; },
);
