// The page: what happens in the conversation is shown as its events tell it, from the first one after every reload.

import { plainMark, replyNodes, verdict } from "./reply.js";
import { Conversation } from "./stream.js";
import { element, rendered } from "./text.js";
import { TEXTS } from "./texts.js";

const at = (id) => document.getElementById(id);
const KEY = "parley-language";
let language = kept(KEY) ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
let conversation = null;
let current = null; // the reply being streamed: { node, text }
let withPerson = false; // a colleague has taken over: no answer is looked for
const pending = new Map(); // client_id → the message on its way
const verdicts = new Map(); // number of a reply → its verdict row

const t = (key) => TEXTS[language][key];

function kept(key) {
  try { const value = localStorage.getItem(key); return value in TEXTS ? value : null; } catch { return null; }
}

function speakLanguage() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const id of ["language", "anew", "label", "send", "stop", "hello", "promise"]) at(id).textContent = t(id === "language" ? "other" : id);
  at("language").lang = language === "zh" ? "en" : "zh-CN";
  at("text").placeholder = t("hint");
  at("scroller").setAttribute("aria-label", t("log"));
  introduce();
}

async function introduce() {
  const wanted = language;
  const widget = await fetch(`/v1/widget?lang=${wanted}`).then((answer) => answer.json()).catch(() => null);
  if (wanted !== language) return;
  if (widget?.company) document.title = at("company").textContent = widget.company;
  at("suggestions").replaceChildren(...(widget?.suggestions ?? []).map((question) => {
    const button = element("button", { type: "button" }, question);
    button.addEventListener("click", () => { at("text").focus(); send(question); });
    return button;
  }));
}

// Follows the conversation down, unless the reader has scrolled up to read.
function append(...nodes) {
  at("welcome").hidden = true;
  const scroller = at("scroller");
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
  at("log").append(...nodes);
  if (atEnd) scroller.scrollTop = scroller.scrollHeight;
}

function show(role, ...content) {
  const node = element("article", { class: `message ${role}` }, ...content);
  append(node);
  return node;
}

function state(key) {
  at("state").textContent = key ? t(key) : "";
  at("state").classList.toggle("thinking", key === "thinking");
}

function busy(on) {
  state(on ? "thinking" : withPerson ? "joined" : "");
  if (!on && document.activeElement === at("stop")) at("text").focus();
  at("stop").hidden = !on;
  at("send").hidden = on;
}

function ended() {
  current?.node.remove();
  current = null;
  busy(false);
}

function complete(reply, n) {
  ended();
  const node = show("assistant", ...replyNodes(reply, t));
  node.lang = reply.language === "zh" ? "zh-CN" : "en";
  if (["answer", "act", "flow"].includes(reply.decision)) {
    const rated = verdict(t, (value) => conversation.post("feedback", { event: n, value }).catch(() => state("offline")));
    verdicts.set(n, rated);
    append(rated.row);
  }
  if (reply.decision === "decline") {
    const offer = element("button", { type: "button", class: "offer", lang: node.lang }, TEXTS[reply.language].person);
    offer.addEventListener("click", () => { at("text").focus(); send(offer.textContent); });
    append(offer);
  }
  at("spoken").textContent = reply.text.replace(/\[\d+\]|\*\*/g, "");
}

const HANDLERS = {
  "message.received": (data) => {
    document.querySelectorAll(".offer").forEach((offer) => offer.remove());
    pending.get(data.client_id)?.remove();
    pending.delete(data.client_id);
    show("user", data.text);
    if (!withPerson) busy(true);
  },
  "turn.started": () => { ended(); busy(true); },
  "reply.delta": (data) => {
    current ??= { node: show("assistant"), text: "" };
    current.text = data.reset ? "" : current.text + data.text;
    current.node.replaceChildren(rendered(current.text, plainMark));
    append();
  },
  "reply.completed": complete,
  "turn.failed": (data) => { ended(); show("failed", data.text); },
  "turn.stopped": () => { current = null; busy(false); state("stopped"); },
  "handoff.requested": () => state("helper"),
  "handoff.accepted": () => { withPerson = true; busy(false); },
  "handoff.closed": () => { withPerson = false; busy(false); },
  "message.agent": (data) => {
    show("assistant", element("p", { class: "who" }, t("colleague")), rendered(data.text, (n) => `[${n}]`));
    at("spoken").textContent = data.text;
  },
  "feedback.given": (data) => verdicts.get(data.event)?.given(data.value),
  "conversation.closed": () => { ended(); at("text").disabled = at("send").disabled = true; state("closed"); },
};

// Shown at once, sent until it is heard: the same client_id makes it one message, however often it is sent.
async function send(text) {
  const trimmed = text.trim();
  if (!trimmed || !conversation || at("text").disabled) return;
  if (at("text").value.trim() === trimmed) at("text").value = "";
  const body = { text: trimmed, client_id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
  const bubble = show("user pending", trimmed);
  pending.set(body.client_id, bubble);
  for (let attempt = 0; ; attempt += 1) {
    try { await conversation.post("messages", body); return; } catch (error) {
      if (!error.final) { await new Promise((resolve) => setTimeout(resolve, Math.min(4000, 500 * 2 ** attempt))); continue; }
      bubble.remove();
      pending.delete(body.client_id);
      state("");
      at("state").textContent = t("refused") + error.message;
      at("text").value ||= trimmed;
      return;
    }
  }
}

at("form").addEventListener("submit", (event) => { event.preventDefault(); send(at("text").value); });
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(at("text").value); }
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !at("stop").hidden) stop(); });
at("stop").addEventListener("click", stop);
at("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  try { localStorage.setItem(KEY, language); } catch { /* lives as long as the page */ }
  speakLanguage();
});
at("anew").addEventListener("click", () => { Conversation.forget(); location.reload(); });

function stop() { conversation.post("stop").catch(() => state("offline")); }

speakLanguage();
conversation = await Conversation.open(() => state("offline"));
at("welcome").hidden = !conversation.isNew;
state("");
conversation.follow(
  (event) => HANDLERS[event.type]?.(event.data, event.n),
  (connected) => {
    if (!connected) state("offline");
    else if (at("state").textContent === t("offline")) state(at("stop").hidden ? "" : "thinking");
    setTimeout(() => { at("welcome").hidden = at("log").childElementCount > 0; }, 200); // what was said before comes first
  },
);
