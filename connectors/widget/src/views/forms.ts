/** What is filled in: the form before the chat, slots, agreement, the rating at the end. */

import { html, nothing, type TemplateResult } from "lit";
import type { ParleyChat } from "../chat.ts";
import { icons } from "../icons.ts";
import { safeLink } from "../markdown.ts";
import type { Field } from "../protocol.ts";
import { filled } from "../texts/index.ts";

type Values = Record<string, string>;

/** A form of fields; the browser's own checks are said in the customer's language. */
export function fields(chat: ParleyChat, wanted: Field[], action: string, done: (values: Values) => void): TemplateResult {
  const { t } = chat;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    for (const field of wanted) {
      const input = form.elements.namedItem(field.name) as HTMLInputElement;
      const wrong = field.required && !input.value.trim() ? filled(t.required, field.label) : field.type === "email" && input.value && input.validity.typeMismatch ? t.email
        : input.validity.rangeUnderflow || input.validity.rangeOverflow ? filled(t.range, ...[input.min, input.max].map((end) => shown(chat, field, end))) : "";
      chat.formError = wrong;
      if (wrong) { input.focus(); return; }
    }
    done(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])));
  };
  return html`<form class="card" part="card" novalidate @submit=${submit}>
    ${wanted.map((field) => html`<label><span>${field.label}${field.required ? " *" : ""}</span>${control(chat, field)}</label>`)}
    <p class="danger" role="alert">${chat.formError}</p><button class="main">${action}</button></form>`;
}

/** A bound as the customer reads it. */
const shown = ({ language }: ParleyChat, { type }: Field, end: string): string => !end ? "…" : type === "date" ? new Date(end).toLocaleDateString(language, { dateStyle: "long", timeZone: "UTC" }) : end;

/** A bound as the browser reads it. */
function bound(type: Field["type"], least: number | undefined): string | number | typeof nothing {
  if (type !== "date" || least === undefined) return least ?? nothing;
  const day = new Date();
  return new Date(Date.UTC(day.getFullYear(), day.getMonth(), day.getDate() + least)).toISOString().slice(0, 10);
}

function control(chat: ParleyChat, { name, type, required = false, options = [], min, max }: Field): TemplateResult {
  const hint = { email: "email", tel: "tel" }[type as string] ?? (name === "name" ? "name" : "on");
  if (type === "select") return html`<select name=${name} ?required=${required}><option value="">${chat.t.choose}</option>${options.map((one) => html`<option>${one}</option>`)}</select>`;
  return html`<input name=${name} type=${type} ?required=${required} maxlength="300" min=${bound(type, min)} max=${bound(type, max)} autocomplete=${hint}>`;
}

/** Asks for agreement before anything is stored or sent. */
export function consent(chat: ParleyChat): TemplateResult {
  const { t } = chat, asked = chat.session.config!.consent, policy = safeLink(asked.privacy_url);
  if (chat.refused) return html`<div class="card" part="card"><p role="status">${t.refused}</p><button type="button" class="main" @click=${() => { chat.refused = false; }}>${t.start}</button></div>`;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    chat.session.agree(asked.learning ? new FormData(event.target as HTMLFormElement).has("learning") : null);
    void chat.updateComplete.then(() => chat.focusText());
  };
  return html`<form class="card" part="card" @submit=${submit}><p>${asked.text || t.consent}</p>
    ${policy ? html`<a href=${policy} target="_blank" rel="noopener noreferrer">${t.privacy}</a>` : nothing}
    ${asked.learning ? html`<label class="check"><input type="checkbox" name="learning">${t.learn}</label>` : nothing}
    <div class="row ends"><button type="button" @click=${() => { chat.refused = true; }}>${t.refuse}</button><button class="main">${t.agree}</button></div></form>`;
}

/** One to five stars, and a word about it. */
export function rating(chat: ParleyChat): TemplateResult {
  const { t } = chat, score = chat.score || chat.session.state.rated;
  if (chat.session.state.rated) return html`<p class="note" role="status">${t.thanks} ${filled(t.stars, chat.session.state.rated)}</p>`;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void chat.rate(String(new FormData(event.target as HTMLFormElement).get("more") ?? ""));
  };
  return html`<form class="card" part="card" @submit=${submit}><fieldset class="stars"><legend>${t.rating}</legend>
    ${[1, 2, 3, 4, 5].map((n) => html`<label class=${n <= score ? "on" : ""}><input class="unseen" type="radio" name="score" value=${n} aria-label=${filled(t.stars, n)} .checked=${n === score} @change=${() => { chat.score = n; }}>${icons.star}</label>`)}</fieldset>
    <label>${t.tell}<textarea name="more" rows="2" maxlength="2000"></textarea></label>
    <button class="main" ?disabled=${!score}>${t.submit}</button></form>`;
}
