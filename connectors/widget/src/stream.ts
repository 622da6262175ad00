/** Follows a conversation's server-sent events for ever: each event once, in order, whatever happens to the network. */

import { createParser } from "eventsource-parser";
import { type Api, ApiError, type Key } from "./api.ts";
import type { ChatEvent } from "./protocol.ts";

const SILENT_MS = 40_000; // the server says something every 15 s; longer silence is a connection that died unseen
const LONGEST_MS = 15_000;

export interface Follower {
  onEvent(event: ChatEvent): void;
  onState(connected: boolean): void;
  /** The conversation is gone: deleted, or its token no longer opens it. */
  onGone(): void;
}

export class Stream {
  readonly #api: Api; readonly #key: Key; readonly #follower: Follower;
  readonly #abort = new AbortController();
  #after: number; #attempt: AbortController | null = null; #wake: (() => void) | null = null; #heard = 0; #pauseMs = 0;

  constructor(api: Api, key: Key, after: number, follower: Follower) {
    this.#api = api; this.#key = key; this.#after = after; this.#follower = follower;
    const options = { signal: this.#abort.signal };
    addEventListener("online", () => this.#again(), options);
    addEventListener("offline", () => this.#attempt?.abort(), options);
    document.addEventListener("visibilitychange", () => {
      // After a phone's sleep a dead connection may look alive for minutes.
      if (!document.hidden && performance.now() - this.#heard > SILENT_MS / 2) this.#again();
    }, options);
    void this.#follow();
  }

  /** Events up to `n` came another way. */
  skip(n: number): void { this.#after = Math.max(this.#after, n); }

  close(): void { this.#abort.abort(); this.#attempt?.abort(); this.#wake?.(); }

  #again(): void { this.#attempt?.abort(); this.#wake?.(); }

  async #follow(): Promise<void> {
    for (let failures = 0; !this.#abort.signal.aborted;) {
      const before = performance.now();
      try {
        await this.#listen();
      } catch (error) {
        if (error instanceof ApiError && error.final) return this.#follower.onGone();
        if (error instanceof ApiError) this.#pauseMs = error.retryAfter * 1000;
      }
      if (this.#abort.signal.aborted) return;
      this.#follower.onState(false);
      failures = performance.now() - before > 10_000 ? 0 : failures + 1;
      await this.#pause(failures);
    }
  }

  async #listen(): Promise<void> {
    const attempt = this.#attempt = new AbortController();
    let watchdog = 0;
    const heard = (): void => {
      this.#heard = performance.now();
      clearTimeout(watchdog);
      watchdog = setTimeout(() => attempt.abort(), SILENT_MS);
    };
    heard();
    try {
      const body = await this.#api.events(this.#key, this.#after, attempt.signal);
      this.#follower.onState(true);
      const reader = body.getReader(), decoder = new TextDecoder();
      const parser = createParser({ onEvent: ({ data }) => this.#deliver(JSON.parse(data) as ChatEvent) });
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        heard();
        parser.feed(decoder.decode(value, { stream: true }));
      }
    } finally { clearTimeout(watchdog); attempt.abort(); }
  }

  #deliver(event: ChatEvent): void {
    if (this.#abort.signal.aborted) return; // it was on its way when the conversation was left
    if (event.type === "server.draining") { this.#pauseMs = Number(event.data["retry_ms"]) || 500; return; }
    if (event.n !== undefined) {
      if (event.n <= this.#after) return;
      this.#after = event.n;
    }
    this.#follower.onEvent(event);
  }

  #pause(failures: number): Promise<void> {
    const wait = this.#pauseMs || Math.min(LONGEST_MS, 250 * 2 ** failures);
    this.#pauseMs = 0;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait * (0.5 + Math.random() / 2));
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}
