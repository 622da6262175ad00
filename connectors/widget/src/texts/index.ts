/** The languages of the chat. English is built in; another one is loaded when it is spoken. */

import { texts as en, type Texts } from "./en.ts";

export type { Texts };

export const NAMES: Record<string, string> = { en: "English", "zh-CN": "简体中文", "zh-TW": "繁體中文", ja: "日本語", es: "Español", de: "Deutsch", fr: "Français", ar: "العربية" };

const loaded: Record<string, Texts> = { en };
const LOADERS: Record<string, () => Promise<{ texts: Texts }>> = {
  "zh-CN": () => import("./zh-CN.ts"), "zh-TW": () => import("./zh-TW.ts"), ja: () => import("./ja.ts"), es: () => import("./es.ts"),
  de: () => import("./de.ts"), fr: () => import("./fr.ts"), ar: () => import("./ar.ts"),
};

/** The texts of a language: English until it is loaded. */
export const textsOf = (language: string): Texts => loaded[language] ?? en;

/** Loads a language; where that fails, English is spoken. */
export async function learn(language: string): Promise<void> {
  if (loaded[language]) return;
  try { loaded[language] = (await LOADERS[language]!()).texts; } catch (error) { console.warn(`parley: ${language} can't be loaded`, error); }
}

/** The language of the chat that suits a tag such as `zh-Hant-HK`; English where none does. */
export function languageOf(...tags: (string | null | undefined)[]): string {
  for (const tag of tags) {
    const wanted = tag?.toLowerCase();
    if (!wanted) continue;
    if (wanted.startsWith("zh")) return /hant|tw|hk|mo/.test(wanted) ? "zh-TW" : "zh-CN";
    const found = Object.keys(NAMES).find((one) => wanted.split("-")[0] === one);
    if (found) return found;
  }
  return "en";
}

const FORMS: Intl.LDMLPluralRule[] = ["zero", "one", "two", "few", "many", "other"];

/** The text for so many: `|` is between the forms that a language has, in the order above. A form that is missing is the last. */
export function counted(language: string, text: string, n: number): string {
  const rules = new Intl.PluralRules(language), forms = text.split("|"), known = FORMS.filter((form) => rules.resolvedOptions().pluralCategories.includes(form));
  return filled(forms[known.indexOf(rules.select(n))] ?? forms.at(-1)!, n);
}

/** A text with what is put in, in order. */
export const filled = (text: string, ...values: (string | number)[]): string => values.reduce<string>((so, value) => so.replace("{}", () => String(value)), text);
