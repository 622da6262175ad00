/** One thing that was said, or happened. */

import { html, nothing, type TemplateResult } from "lit";
import type { ParleyChat } from "../chat.ts";
import { icons } from "../icons.ts";
import { rendered, safeLink, type Mark } from "../markdown.ts";
import type { Citation, FileInfo, Hours } from "../protocol.ts";
import type { Item, NoteItem, PartItem, PersonItem, ReplyItem, UserItem } from "../state.ts";
import { counted, filled } from "../texts/index.ts";
import { fields } from "./forms.ts";

export function message(chat: ParleyChat, item: Item, newest: boolean): TemplateResult | typeof nothing {
  switch (item.kind) {
    case "user": return item.again ? nothing : user(chat, item);
    case "reply": return item.replaced ? nothing : reply(chat, item, newest);
    case "person": return person(chat, item);
    case "part": return item.replaced ? nothing : part(chat, item, newest);
    case "note": return note(chat, item);
  }
}

function user(chat: ParleyChat, item: UserItem): TemplateResult {
  const { t } = chat;
  return html`<li class="user ${item.status}" part="message user">
    <span class="unseen">${t.you}:</span>
    ${item.text ? html`<div class="bubble" part="bubble user-bubble"><div class="text" dir="auto">${item.text}</div></div>` : nothing}
    ${item.files.length ? html`<div class="files">${item.files.map((file) => attached(chat, file))}</div>` : nothing}
    ${item.status === "queued" ? html`<div class="under">${item.wait ? counted(chat.language, t.slow, item.wait) : t.queued}</div>` : nothing}
    ${item.status === "failed" ? html`<div class="under"><span class="bad">${item.error ? filled(t.failed, item.error) : t.unnamed}</span>
      <button type="button" @click=${() => chat.session.retry(item)}>${t.retry}</button>
      <button type="button" class="bare" @click=${() => chat.session.discard(item)}>${t.discard}</button></div>` : nothing}
  </li>`;
}

const attached = (chat: ParleyChat, file: FileInfo): TemplateResult =>
  html`<button type="button" class="file" aria-label=${filled(chat.t.file, file.name)} @click=${() => chat.show(file)}><bdi>${file.name}</bdi></button>`;

function reply(chat: ParleyChat, item: ReplyItem, newest: boolean): TemplateResult {
  const { reply } = item, { t } = chat, cited = reply.citations ?? [];
  return html`<li class="agent ${reply.decision}" part="message agent">
    <span class="unseen">${t.agent}:</span>
    <div class="bubble" part="bubble agent-bubble" lang=${reply.language || nothing}>
      <div class="text" dir="auto">${chat.drawn(item, reply.text, (n) => mark(chat, item, n))}</div>
      ${cited.length ? html`<section class="sources" part="sources"><h3>${t.sources}</h3>${cited.map((citation) => source(chat, item, citation))}</section>` : nothing}
    </div>
    ${newest && !chat.session.busy ? asked(chat, item) : nothing}
    ${answers(reply) ? under(chat, item, newest) : nothing}
    ${reply.decision === "decline" && chat.foreign ? html`<div class="under">${t.tongues}</div>` : nothing}
    ${newest && reply.decision === "decline" && !chat.session.state.asked ? html`<div class="under"><button type="button" @click=${() => chat.send(t.person)}>${t.person}</button></div>` : nothing}
  </li>`;
}

/** What was written until it was stopped. What its marks stand for was not told: they lead nowhere. */
function part(chat: ParleyChat, item: PartItem, newest: boolean): TemplateResult {
  const bare = (n: number): Node => {
    const mark = document.createElement("span");
    mark.className = "mark";
    mark.textContent = String(n);
    return mark;
  };
  return html`<li class="agent part" part="message agent"><span class="unseen">${chat.t.agent}:</span>
    <div class="bubble" part="bubble agent-bubble"><div class="text" dir="auto">${chat.drawn(item, item.text, bare)}</div></div>
    <div class="under" part="actions">${copy(chat, item.text)}${again(chat, item.message, newest)}</div></li>`;
}

/** What may be rated and copied: no question of a flow. */
const answers = ({ decision, flow }: ReplyItem["reply"]): boolean => /^a/.test(decision) || (decision === "flow" && !flow);

/** What the customer may choose from, fill in or agree to, while the question stands. */
function asked(chat: ParleyChat, item: ReplyItem): TemplateResult | typeof nothing {
  const { choices, fields: slots, confirm } = item.reply;
  if (confirm) return html`<div class="card" part="card" role="group" aria-label=${confirm.title}><h3>${confirm.title}</h3>
    <dl>${confirm.rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    <div class="row ends"><button type="button" @click=${() => chat.send(confirm.no)}>${confirm.no}</button><button type="button" class="main" @click=${() => chat.send(confirm.yes)}>${confirm.yes}</button></div></div>`;
  if (slots?.length) return fields(chat, slots.map((slot) => ({ ...slot, required: true })), chat.t.submit, (values) => chat.send(slots.map(({ name, label }) => `${label}: ${values[name] ?? ""}`).join("\n")));
  if (!choices?.length) return nothing;
  return html`<div class="chips" role="group" aria-label=${chat.t.choose}>${choices.map((choice) => html`<button type="button" dir="auto" @click=${() => chat.send(choice)}>${choice}</button>`)}</div>`;
}

function mark(chat: ParleyChat, item: ReplyItem, n: number): Node {
  const citation = item.reply.citations.find((one) => one.n === n);
  if (!citation) return document.createTextNode("");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "mark";
  button.part.add("mark");
  button.textContent = String(n);
  button.setAttribute("aria-label", filled(chat.t.source, n, citation.title));
  button.addEventListener("click", () => {
    const card = chat.renderRoot.querySelector<HTMLDetailsElement>(`#${cardId(item, n)}`);
    if (!card) return;
    card.open = true;
    card.querySelector("summary")!.focus();
    card.scrollIntoView({ block: "nearest" });
  });
  return button;
}

const cardId = (item: ReplyItem, n: number): string => `source-${item.n}-${n}`;

function source(chat: ParleyChat, item: ReplyItem, citation: Citation): TemplateResult {
  const link = safeLink(citation.link || citation.url || ""), { t } = chat;
  const page = citation.page ? ` (${filled(t.page, citation.page)})` : "";
  return html`<details id=${cardId(item, citation.n)}><summary>${citation.n}. <bdi>${citation.title}</bdi>${page}</summary>
    <blockquote dir="auto">${chat.drawn(citation, citation.quote)}</blockquote>
    ${link ? html`<a href=${link} target="_blank" rel="noopener noreferrer">${t.article}</a>` : nothing}</details>`;
}

function under(chat: ParleyChat, item: ReplyItem, newest: boolean): TemplateResult {
  const { t } = chat, judged = item.verdict, explains = chat.explaining === item.n;
  const thumb = (value: 1 | -1, name: string): TemplateResult => html`<button type="button" class="bare" aria-pressed=${judged === value} aria-label=${name} title=${name} @click=${() => chat.judge(item, value)}>${value > 0 ? icons.up : icons.down}</button>`;
  return html`<div class="under" role="group" aria-label=${t.rate} part="actions">
    ${thumb(1, t.good)}${thumb(-1, t.bad)}
    ${copy(chat, item.reply.text)}${again(chat, item.message, newest)}
    ${judged && !explains ? html`<span>${t.thanks}</span>` : nothing}
  </div>${explains ? why(chat, item) : nothing}`;
}

const copy = (chat: ParleyChat, text: string): TemplateResult => html`<button type="button" class="bare" aria-label=${chat.t.copy} title=${chat.t.copy} @click=${() => chat.copy(text)}>${icons.copy}</button>`;

const again = (chat: ParleyChat, message: number, newest: boolean): TemplateResult | typeof nothing => newest && !chat.session.busy && !chat.session.state.closed
  ? html`<button type="button" class="bare" aria-label=${chat.t.again} title=${chat.t.again} @click=${() => chat.session.send("", [], message)}>${icons.again}</button>` : nothing;

function why(chat: ParleyChat, item: ReplyItem): TemplateResult {
  const { t } = chat;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const values = new FormData(event.target as HTMLFormElement);
    void chat.explain(item, [...values.getAll("reason"), values.get("more")].filter(Boolean).join("; "));
  };
  return html`<form class="card" @submit=${submit}><h3>${t.why}</h3>
    ${t.reasons.split("|").map((reason) => html`<label class="check"><input type="checkbox" name="reason" value=${reason}>${reason}</label>`)}
    <label>${t.tell}<textarea name="more" rows="2" maxlength="2000"></textarea></label>
    <div class="row ends"><button type="button" @click=${() => chat.explain(item, "")}>${t.no}</button><button class="main">${t.submit}</button></div></form>`;
}

const person = (chat: ParleyChat, item: PersonItem): TemplateResult => html`<li class="agent person" part="message agent"><p class="who"><bdi>${item.name || chat.t.colleague}</bdi></p>
  <div class="bubble" part="bubble agent-bubble"><div class="text" dir="auto">${chat.drawn(item, item.text)}</div></div></li>`;

function note(chat: ParleyChat, item: NoteItem): TemplateResult {
  const { t } = chat, name = item.text || t.colleague, { hours, people } = chat.session.config ?? {};
  const back = hours && !hours.open && hours.opens_at ? ` ${filled(t.hours, opening(hours, chat.language))}` : "";
  const texts = { failed: item.text ?? "", stopped: t.stopped, asked: people === false ? "" : t.asked + back, joined: filled(t.joined, name), left: filled(t.left, name), closed: t.closed };
  return html`<li class="note ${item.note}" dir="auto">${texts[item.note]}</li>`;
}

/** In the company's time, which is named: the answer beside it says the same. */
function opening({ opens_at, time_zone }: Hours, language: string): string {
  const zone: Intl.DateTimeFormatOptions = time_zone ? { timeZone: time_zone, timeZoneName: "short" } : {};
  return new Date(opens_at!).toLocaleString(language === "en" ? "en-GB" : language, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit", ...zone });
}

/** The nodes of a text, made once while it stays the same. */
export class Drawings {
  readonly #drawn = new WeakMap<object, { text: string; node: HTMLElement }>();

  of(owner: object, text: string, mark: Mark | undefined, images: readonly string[]): HTMLElement {
    const known = this.#drawn.get(owner);
    if (known?.text === text) return known.node;
    const node = known?.node ?? document.createElement("div");
    node.className = "text";
    try { node.replaceChildren(rendered(text, mark, images)); } catch { node.textContent = text; }
    this.#drawn.set(owner, { text, node });
    return node;
  }
}
