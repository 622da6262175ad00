/** Says what comes to a screen reader, in sentences: never a token at a time, never twice. */

import { spoken } from "./markdown.ts";

const END = /[.!?。！？…؟]["'”’)\]]*(?=\s|$|[^\s\w])|\n/g;
const PAUSE_MS = 700;

export class Announcer {
  #region: HTMLElement | null = null; #said = 0; #waiting: string[] = []; #timer = 0;

  attach(region: HTMLElement | null): void { this.#region = region; }

  /** The text so far of an answer that is being written. */
  progress(text: string): void {
    if (text.length < this.#said) this.#said = 0;
    let end = this.#said;
    for (const match of text.slice(this.#said).matchAll(END)) end = this.#said + match.index + match[0].length;
    if (end > this.#said) this.say(text.slice(this.#said, end));
    this.#said = end;
  }

  /** The whole answer: what of it was not yet said. */
  finish(text: string): void { this.say(text.slice(this.#said)); this.#said = 0; }

  say(text: string): void {
    const words = spoken(text);
    if (!words) return;
    this.#waiting.push(words);
    this.#timer ||= setTimeout(() => this.#speak(), PAUSE_MS);
  }

  /** Nothing of what was said stays. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#said = 0;
    this.#waiting = [];
    this.#region?.replaceChildren();
  }

  #speak(): void {
    this.#timer = 0;
    if (this.#region) this.#region.textContent = this.#waiting.join(" ");
    this.#waiting = [];
  }
}
