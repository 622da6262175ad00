/** The panel: heading and menu, what was said, what goes on, and where one writes. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ParleyChat } from "../chat.ts";
import { icons } from "../icons.ts";
import { counted, filled, NAMES } from "../texts/index.ts";
import { consent, fields, rating } from "./forms.ts";
import { message } from "./message.ts";

export function panel(chat: ParleyChat): TemplateResult {
  const { t, session } = chat, floating = chat.mode === "launcher";
  return html`<section class="panel" part="panel" id="panel" role=${floating ? "dialog" : "region"} aria-modal=${chat.full && floating ? "true" : nothing} aria-label=${session.config?.company || t.log} @keydown=${chat.onKey}>
    <div class="head" part="header"><h2 part="title"><bdi>${session.config?.company ?? ""}</bdi></h2>
      <button type="button" class="bare" id="more" aria-label=${t.menu} aria-expanded=${chat.menu} aria-controls="menu" @click=${() => chat.toggleMenu()}>${icons.menu}</button>
      ${floating ? html`<button type="button" class="bare" aria-label=${t.close} @click=${() => chat.close()}>${icons.close}</button>` : nothing}
    </div>
    ${chat.menu ? menu(chat) : nothing}
    <div class="body">${log(chat)}
      ${chat.away ? html`<button type="button" class="down" aria-label=${t.down} @click=${() => chat.toEnd(true)}>${icons.newest}</button>` : nothing}</div>
    ${doing(chat)}
    ${open(chat) ? write(chat) : nothing}
    <div class="unseen" role="status" aria-live="polite" id="said"></div>
  </section>`;
}

/** Whether there is something to write to. */
const open = ({ session }: ParleyChat): boolean => session.config !== null && session.agreed && (!session.config.form.length || session.form !== null || session.key !== null) && !session.state.closed;

function log(chat: ParleyChat): TemplateResult {
  const { session, t } = chat, { items, text, closed, doing: now } = session.state, { config } = session;
  const last = items.findLast((item) => item.kind === "reply" || item.kind === "part" || (item.kind === "user" && !item.again));
  let content: unknown = nothing;
  if (session.failed) content = html`<p class="note failed" role="alert">${t.broken}</p>`;
  else if (config && !session.agreed) content = consent(chat);
  else if (config?.form.length && !session.form && !session.key) content = fields(chat, config.form, t.start, (values) => { session.form = values; chat.requestUpdate(); void chat.updateComplete.then(() => chat.focusText()); });
  else if (config && !items.length) content = welcome(chat);
  return html`<div class="log" part="log" role="region" aria-label=${t.log} tabindex="0" @scroll=${chat.onScroll}>
    ${content}
    <ol class="items" role="list">${repeat(items, ({ id }) => id, (item) => message(chat, item, item === last))}
      ${now === "writing" && text ? html`<li class="agent writing" part="message agent"><div class="bubble" part="bubble agent-bubble" aria-busy="true">${chat.drawn(session, text)}</div></li>` : nothing}</ol>
    ${closed ? html`${config?.rating && items.length ? rating(chat) : nothing}<div class="card"><button type="button" class="main" @click=${() => chat.renew()}>${t.fresh}</button></div>` : nothing}
  </div>`;
}

function welcome(chat: ParleyChat): TemplateResult {
  return html`<div class="welcome" part="welcome"><h3>${chat.t.hello}</h3><p>${chat.t.proof}${chat.foreign ? html`<br>${chat.t.tongues}` : nothing}</p>
    <div class="chips">${chat.session.config!.suggestions.map((question) => html`<button type="button" part="suggestion" dir="auto" @click=${() => chat.send(question)}>${question}</button>`)}</div></div>`;
}

function doing({ session, t, notice, language }: ParleyChat): TemplateResult {
  const { doing: now, sources, typing } = session.state;
  const text = !session.connected ? t.offline : typing ? filled(t.typing, typing.trim() || t.colleague)
    : now === "searching" && sources ? counted(language, t.reading, sources) : now ? t[now] : notice;
  return html`<div class="state" part="state">${text && (now || typing) && session.connected ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>` : nothing}<span>${text}</span></div>`;
}

function write(chat: ParleyChat): TemplateResult {
  const { t, session } = chat, uploads = session.config?.uploads;
  return html`<form class="write" part="composer" @submit=${(event: Event) => { event.preventDefault(); chat.submit(); }}>
    ${chat.picked.length ? html`<div class="picked">${chat.picked.map((file) => html`<span class="file"><bdi>${file.name}</bdi><button type="button" class="bare" aria-label=${filled(t.remove, file.name)} @click=${() => chat.drop(file)}>${icons.close}</button></span>`)}</div>` : nothing}
    ${uploads ? html`<input type="file" id="file" hidden multiple accept=${uploads.types.join(",")} @change=${chat.onPick}><button type="button" class="bare" aria-label=${t.attach} @click=${() => chat.renderRoot.querySelector<HTMLInputElement>("#file")!.click()}>${icons.attach}</button>` : nothing}
    <textarea id="text" rows="1" maxlength="8000" aria-label=${t.message} placeholder=${t.hint} dir="auto" enterkeyhint="send" @keydown=${chat.onType} @paste=${chat.onPaste} @input=${() => chat.requestUpdate()}></textarea>
    ${session.state.doing ? html`<button type="button" part="stop" aria-label=${t.stop} @click=${() => chat.stop()}>${icons.stop}</button>` : html`<button class="main" part="send" aria-label=${t.send}>${icons.send}</button>`}
  </form>`;
}

function menu(chat: ParleyChat): TemplateResult {
  const { t, session } = chat, begun = session.key !== null;
  const entry = (text: string, act: () => void, style = ""): TemplateResult => html`<button type="button" class=${style} @click=${() => { chat.menu = false; act(); chat.focusText(); }}>${text}</button>`;
  if (chat.erasing) return html`<div class="menu" id="menu" role="alertdialog" aria-label=${t.sure}><p class="note">${t.sure}</p><div class="row ends">
    <button type="button" @click=${() => { chat.erasing = chat.menu = false; chat.focusText(); }}>${t.no}</button><button type="button" class="danger" @click=${() => chat.erase()}>${t.yes}</button></div></div>`;
  return html`<div class="menu" id="menu" part="menu" role="group" aria-label=${t.menu}>
    <label>${t.language}<select @change=${(event: Event) => chat.speak((event.target as HTMLSelectElement).value)}>${Object.entries(NAMES).map(([tag, name]) => html`<option value=${tag} lang=${tag} ?selected=${tag === chat.language}>${name}</option>`)}</select></label>
    <label class="check"><input type="checkbox" .checked=${chat.sound} @change=${(event: Event) => chat.setSound((event.target as HTMLInputElement).checked)}>${t.sound}</label>
    ${begun && !session.state.person && !session.state.asked && !session.state.closed ? entry(t.person, () => chat.send(t.person)) : nothing}
    ${begun ? entry(t.download, () => void chat.download()) : nothing}
    ${begun && !session.state.closed ? entry(t.end, () => void session.close()) : nothing}
    ${begun ? entry(t.fresh, () => chat.renew()) : nothing}
    ${begun ? html`<button type="button" class="danger" @click=${() => chat.askErase()}>${t.erase}</button>` : nothing}
  </div>`;
}
