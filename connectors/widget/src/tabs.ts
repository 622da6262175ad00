/** Several tabs show one conversation: one of them, the leader, listens to the server and tells the others. */

import type { Key } from "./api.ts";
import type { ChatEvent } from "./protocol.ts";

export type Word =
  | { kind: "event"; id: string; event: ChatEvent; before: number }
  | { kind: "state"; connected: boolean }
  | { kind: "moved"; key: Key | null }
  | { kind: "gone" }
  | { kind: "read"; n: number };

export class Tabs {
  readonly #channel: BroadcastChannel | null;

  constructor(name: string, hear: (word: Word) => void) {
    try {
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = ({ data }: MessageEvent<Word>) => hear(data);
    } catch { this.#channel = null; }
  }

  /** Whether one tab can listen for all. */
  get together(): boolean { return this.#channel !== null && "locks" in navigator; }

  say(word: Word): void { this.#channel?.postMessage(word); }

  /** Runs `lead` once this tab is the leader of `what`, until `signal`; at once where tabs can't tell each other. */
  lead(what: string, signal: AbortSignal, lead: () => void): void {
    if (!this.together) return lead();
    navigator.locks.request(`parley ${what}`, { signal }, () => {
      if (signal.aborted) return;
      lead();
      return new Promise<void>((done) => { signal.addEventListener("abort", () => done()); });
    }).catch((error: unknown) => { if (!signal.aborted) { console.warn("parley: tabs can't share a stream", error); lead(); } });
  }

  close(): void { this.#channel?.close(); }
}

/** Runs `work` in one tab at a time. */
export function alone<T>(what: string, work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request(`parley ${what}`, work) as Promise<T> : work();
}
