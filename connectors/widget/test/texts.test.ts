import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, filled, languageOf, learn, NAMES, textsOf } from "../src/texts/index.ts";
import { PLURAL, texts as english } from "../src/texts/en.ts";

test("no language lacks a string, a place for what is put in, or a reason", async () => {
  for (const language of Object.keys(NAMES)) {
    await learn(language);
    const texts = textsOf(language) as Record<string, string>;
    if (language !== "en") assert.notEqual(texts, english);
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort(), language);
    for (const [key, text] of Object.entries(english)) {
      assert.ok(texts[key]!.trim(), `${language}: ${key}`);
      if ((PLURAL as string[]).includes(key)) continue;
      assert.equal(texts[key]!.split("{}").length, text.split("{}").length, `${language}: ${key}`);
      assert.equal(texts[key]!.split("|").length, text.split("|").length, `${language}: ${key}`);
    }
  }
});

test("the language that suits a tag", () => {
  const suits: [string, string][] = [["zh", "zh-CN"], ["zh-Hant-HK", "zh-TW"], ["ZH-tw", "zh-TW"], ["de-AT", "de"], ["pt-BR", "en"], ["", "en"], ["ar-EG", "ar"]];
  for (const [tag, language] of suits) assert.equal(languageOf(tag), language);
  assert.equal(languageOf(null, undefined, "pt", "ja-JP", "en"), "ja");
});

test("what is put in is taken as it is", () => {
  assert.equal(filled("{} of {}", "$&", "{}"), "$& of {}");
});

test("so many of a thing, as each language counts", async () => {
  const forms: Record<string, number> = { en: 2, es: 2, de: 2, fr: 2, ar: 6, ja: 1, "zh-CN": 1, "zh-TW": 1 };
  for (const language of Object.keys(NAMES)) {
    await learn(language);
    for (const key of PLURAL) assert.equal(textsOf(language)[key].split("|").length, forms[language], `${language}: ${key}`);
  }
  const said = (language: string, ...counts: number[]): string[] => counts.map((n) => counted(language, textsOf(language).unread, n));
  assert.deepEqual(said("en", 1, 2, 21), ["1 new message", "2 new messages", "21 new messages"]);
  assert.deepEqual(said("de", 1, 0), ["1 neue Nachricht", "0 neue Nachrichten"]);
  assert.deepEqual(said("fr", 0, 2), ["0 nouveau message", "2 nouveaux messages"]);
  assert.deepEqual(said("ar", 1, 2, 3, 11, 100), ["رسالة جديدة واحدة", "رسالتان جديدتان", "3 رسائل جديدة", "11 رسالة جديدة", "100 رسالة جديدة"]);
  assert.deepEqual(said("zh-CN", 1, 5), ["1条新消息", "5条新消息"]);
});
