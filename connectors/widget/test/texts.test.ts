import assert from "node:assert/strict";
import { test } from "node:test";
import { filled, languageOf, learn, NAMES, textsOf } from "../src/texts/index.ts";
import { texts as english } from "../src/texts/en.ts";

test("no language lacks a string, a place for what is put in, or a reason", async () => {
  for (const language of Object.keys(NAMES)) {
    await learn(language);
    const texts = textsOf(language) as Record<string, string>;
    if (language !== "en") assert.notEqual(texts, english);
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort(), language);
    for (const [key, text] of Object.entries(english)) {
      assert.ok(texts[key]!.trim(), `${language}: ${key}`);
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
