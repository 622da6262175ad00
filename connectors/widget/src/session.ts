/** One customer's conversation in this browser: opened when the first message is sent, followed, written to, ended. */

import { Api, ApiError, type Key } from "./api.ts";
import { IdentityError, named, said } from "./identity.ts";
import { Memory } from "./memory.ts";
import type { Identity } from "./public.ts";
import type { ChatEvent, Config, Customer, FileInfo } from "./protocol.ts";
import { fresh, take, type Item, type State, type UserItem } from "./state.ts";
import { Stream } from "./stream.ts";
import { alone, Tabs, type Word } from "./tabs.ts";

interface Letter { client_id: string; text: string; files: FileInfo[]; again?: number }

export interface Watcher {
  /** Something to be drawn anew. */
  changed(): void;
  /** An event that has just happened; not for those of before a reload. */
  happened(event: ChatEvent): void;
  /** A conversation is left: nothing of it may stay. gone: the customer is, too, with what they were typing. */
  left(gone: boolean): void;
  /** Something that the developer of the site must mend. */
  failed(error: Error): void;
}

export class Session {
  readonly api: Api; readonly memory: Memory;
  state: State = fresh();
  config: Config | null = null;
  connected = true; failed = false; customer: Customer | null = null; form: Record<string, string> | null = null; learning: boolean | null = null;
  readonly #watcher: Watcher; readonly #tabs: Tabs; readonly #lang: () => string;
  #key: Key | null = null; #stream: Stream | null = null; #done = new AbortController(); readonly #ended = new AbortController(); #identity: Identity | null = null;
  #outbox: Letter[] = []; #pumping = false; #wake: (() => void) | null = null; #read = 0; #live = false; #typingTimer = 0; #who: string | null = null; #naming: Promise<void> = Promise.resolve();

  constructor(server: string, site: string, lang: () => string, watcher: Watcher) {
    this.api = new Api(server, lang);
    this.memory = new Memory(`parley:${site || server}:`);
    this.#watcher = watcher;
    this.#lang = lang;
    this.#tabs = new Tabs(`parley:${site || server}`, (word) => { void this.#hear(word); });
    addEventListener("online", () => this.#wake?.(), { signal: this.#ended.signal });
  }

  get key(): Key | null { return this.#key; }
  get agreed(): boolean { return !this.config?.consent.required || this.memory.get("agreed") === true; }
  get busy(): boolean { return this.state.doing !== "" || this.state.items.some((item) => item.kind === "user" && item.status === "sending"); }
  get unread(): number { return this.state.items.filter((item) => (item.kind === "reply" || item.kind === "person") && item.n > this.#read).length; }

  /** Asks the server how the chat is to look, and goes on with the conversation of the last visit. */
  async start(): Promise<void> {
    const ended = this.#ended.signal;
    for (let failures = 0; ; failures += 1) {
      try { await this.configure(); break; } catch (error) {
        const refusal = await this.#refusal(error, failures);
        if (refusal) { this.failed = true; this.#connected(true); return this.#watcher.failed(refusal); }
        this.#connected(false);
        await this.#pause(failures, delay(error));
      }
      if (ended.aborted) return;
    }
    this.#connected(true);
    // Another customer's conversation is not shown for a moment; a token that never comes holds nobody up.
    await Promise.race([this.#naming, new Promise((go) => { setTimeout(go, 5000); })]);
    if (ended.aborted) return;
    this.memory.mayStore = this.agreed;
    this.#resume();
  }

  /** Why the chat will never work here; null where it may after a while. */
  async #refusal(error: unknown, failures: number): Promise<Error | null> {
    if (error instanceof ApiError) return error.final ? error : null;
    // A browser does not say why a request failed. Where the server gives its public files, it is there and does not know this origin.
    if (!failures || !navigator.onLine || !await this.api.there()) return null;
    const { origin } = location;
    return new Error(`Pages of ${origin} may not use this Parley server: add "${origin}" to allowed_origins in [server] of its parley.toml.`);
  }

  /** The settings in the customer's language. */
  async configure(): Promise<void> { this.config = await this.api.config(this.#lang()); this.#watcher.changed(); }

  /** The customer agrees that the conversation is stored, and perhaps that it is learned from. */
  agree(learning: boolean | null): void {
    this.learning = learning;
    this.memory.set("agreed", true);
    this.memory.keep();
    this.#keepWho();
    this.#watcher.changed();
  }

  /** Says who the customer is. Rejects with IdentityError where the token does not hold; `failed` is told, too. */
  identify(identity: Identity): Promise<void> {
    const naming = this.#name(identity);
    this.#naming = naming.catch((error: unknown) => { this.#watcher.failed(error as Error); });
    return naming;
  }

  async #name(identity: Identity): Promise<void> {
    this.#identity = identity;
    const { token, sub } = await named(identity);
    if (this.#identity !== identity) return; // said anew meanwhile
    this.#become(sub);
    const key = this.#key ?? this.memory.get<Key>("key");
    if (!key) return;
    try {
      const { customer } = await this.api.post<{ customer: Customer }>(key, "identify", { identity: token });
      if (this.#identity === identity) this.customer = customer;
    } catch (error) {
      if (this.#identity !== identity) return;
      // The conversation is another customer's: this one gets a new one.
      if (error instanceof ApiError && error.status === 409) { this.#forgetCustomer(); this.#become(sub); } else if (!(error instanceof ApiError && error.status === 404)) throw new IdentityError(said(error), { cause: error });
    }
    this.#watcher.changed();
  }

  /** Shown at once, sent until it is heard: the same client_id makes it one message, however often it is sent. */
  send(text: string, files: FileInfo[] = [], again?: number): void {
    const letter: Letter = { client_id: unique(), text, files, ...(again ? { again } : {}) };
    if (!again) this.#show(letter);
    this.#post(letter);
  }

  retry(item: UserItem): void {
    item.status = "sending";
    this.#post({ client_id: item.id, text: item.text, files: item.files });
  }

  discard(item: Item): void { this.state.items = this.state.items.filter((one) => one !== item); this.#watcher.changed(); }

  async stop(): Promise<void> { if (this.#key) await this.api.post(this.#key, "stop").catch(() => undefined); }

  async upload(file: File): Promise<FileInfo> { return this.api.upload(await this.#opened(), file); }

  async feedback(event: number, value: number, comment = ""): Promise<void> { await this.api.post(this.#key!, "feedback", { event, value, comment }); }

  async rate(score: number, comment: string): Promise<void> { await this.api.post(this.#key!, "rating", { score, comment }); }

  async close(): Promise<void> { if (this.#key) await this.api.post(this.#key, "close"); }

  /** Deletes the conversation on the server and here, with all that the customer said of themselves. */
  async forget(): Promise<void> {
    if (this.#key) await this.api.delete(this.#key);
    this.#forgetAnswers();
    this.memory.remove("who");
    this.renew(true);
  }

  /** The customer has gone: nothing of them stays, and nobody is named. */
  reset(): void {
    this.#identity = null;
    this.#forgetCustomer();
  }

  /** Leaves this conversation; the next message opens another, of the same customer. */
  renew(gone = false): void {
    this.memory.remove("key");
    this.memory.remove("outbox");
    this.#leave(gone);
    this.#tabs.say({ kind: "moved", key: null });
  }

  /** Another customer than before finds nothing of theirs. */
  #become(sub: string): void {
    const before = this.#who ?? this.memory.get<string>("who");
    if (before !== null && before !== sub) this.#forgetCustomer();
    this.#who = sub;
    this.#keepWho();
  }

  /** Whose the conversation and the agreement are is kept with them, and not before there are any. */
  #keepWho(): void { if (this.#who !== null && (this.memory.get("key") ?? this.memory.get("agreed"))) this.memory.set("who", this.#who); }

  #forgetCustomer(): void {
    this.#who = null;
    this.memory.remove("who");
    this.#forgetAnswers();
    this.renew(true);
    this.#tabs.say({ kind: "gone" });
  }

  /** Form and agreement are asked for anew. */
  #forgetAnswers(): void {
    this.form = this.learning = this.customer = null;
    this.memory.remove("agreed");
    this.memory.mayStore = this.agreed;
  }

  /** All that has arrived has been seen. */
  seen(): void {
    if (this.#read >= this.state.last) return;
    this.#mark(this.state.last);
    this.#tabs.say({ kind: "read", n: this.#read });
  }

  end(): void { this.#ended.abort(); this.#done.abort(); this.#stream?.close(); this.#tabs.close(); this.#wake?.(); }

  #resume(): void {
    const key = this.memory.get<Key>("key");
    this.#read = this.memory.get<number>("read") ?? 0;
    this.#outbox = this.#kept();
    for (const letter of this.#outbox) if (!letter.again) this.#show(letter);
    if (key) this.#follow(key);
    if (this.#outbox.length) void this.#pump();
    this.#live = !key;
    this.#watcher.changed();
  }

  /** gone: the customer, too. */
  #leave(gone = false): void {
    this.#done.abort();
    this.#done = new AbortController();
    this.#stream?.close();
    this.#stream = null;
    this.#key = null;
    this.#outbox = [];
    this.#read = 0;
    this.memory.remove("read");
    this.state = fresh();
    this.connected = true; // the stream that had none is over
    this.#watcher.left(gone);
    this.#watcher.changed();
    this.#wake?.();
  }

  #follow(key: Key): void {
    this.#key = key;
    const { signal } = this.#done;
    setTimeout(() => { this.#live = true; }, 1500); // what comes first is what was said before
    let led = false;
    this.#tabs.lead(key.id, signal, () => {
      led = true;
      this.#stream = new Stream(this.api, key, this.state.last, {
        onEvent: (event) => {
          const before = this.state.last;
          this.#take(event);
          this.#tabs.say({ kind: "event", id: key.id, event, before });
        },
        onState: (connected) => { this.#connected(connected); this.#tabs.say({ kind: "state", connected }); },
        onGone: () => { this.memory.remove("key"); this.#leave(); this.#tabs.say({ kind: "moved", key: null }); },
      });
    });
    // While another tab leads, what was said before it told us is read once.
    setTimeout(() => { if (!led && !signal.aborted) void this.#catchUp(); }, 100);
  }

  async #catchUp(): Promise<void> {
    const key = this.#key;
    if (!key) return;
    try {
      const { events } = await this.api.read(key);
      if (this.#key === key) for (const event of events) this.#take(event);
    } catch { /* the next word tries again */ }
  }

  async #hear(word: Word): Promise<void> {
    if (word.kind === "moved") {
      const { key } = word; // what another tab has stored may not be seen here yet
      if (key?.id === this.#key?.id) return;
      if (this.#key) this.#leave(); // what waits to be sent belongs to the conversation that now begins
      this.memory.mayStore = this.agreed;
      if (key) this.#follow(key);
      return this.#watcher.changed();
    }
    if (word.kind === "gone") {
      this.#identity = this.#who = null;
      this.#forgetAnswers();
      return this.#leave(true);
    }
    if (word.kind === "read") return this.#mark(word.n);
    if (word.kind === "state") return this.#connected(word.connected);
    if (word.before > this.state.last) await this.#catchUp();
    if (word.id === this.#key?.id) this.#take(word.event);
  }

  #take(event: ChatEvent): void {
    if (!take(this.state, event)) return;
    this.#stream?.skip(this.state.last);
    if (event.type === "message.received") this.#sent(String(event.data["client_id"]));
    if (event.type === "agent.typing") {
      clearTimeout(this.#typingTimer);
      this.#typingTimer = setTimeout(() => { this.state.typing = ""; this.#watcher.changed(); }, 6000);
    }
    if (this.#live) this.#watcher.happened(event);
    this.#watcher.changed();
  }

  #show({ client_id: id, text, files }: Letter): void {
    this.state.items.push({ kind: "user", id, text, files, status: navigator.onLine ? "sending" : "queued" });
    this.#watcher.changed();
  }

  #post(letter: Letter): void {
    this.#outbox.push(letter);
    this.memory.set("outbox", [...this.#kept(), letter]);
    void this.#pump();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return this.#wake?.();
    this.#pumping = true;
    for (let failures = 0; this.#outbox[0];) {
      const letter = this.#outbox[0];
      try {
        await this.api.post(await this.#opened(), "messages", { ...letter, files: letter.files.map(({ id }) => id) });
        failures = 0;
        this.#sent(letter.client_id);
        this.#status(letter.client_id, "sent");
      } catch (error) {
        if (!this.#outbox.includes(letter)) continue; // the conversation was left meanwhile
        if (error instanceof IdentityError || (error instanceof ApiError && error.final)) {
          this.#sent(letter.client_id);
          const unnamed = error instanceof IdentityError;
          if (unnamed) this.#watcher.failed(error);
          else if (!this.#key && error.status === 422) this.form = null; // it may be what was refused: it's asked again
          this.#status(letter.client_id, "failed", unnamed ? undefined : error.message);
          continue;
        }
        failures += 1;
        const wait = delay(error);
        this.#status(letter.client_id, "queued", undefined, wait);
        await this.#pause(failures, wait);
        if (this.#outbox.includes(letter)) this.#status(letter.client_id, "sending");
      }
    }
    this.#pumping = false;
  }

  #sent(id: string): void {
    const others = (letter: Letter): boolean => letter.client_id !== id;
    this.#outbox = this.#outbox.filter(others);
    const kept = this.#kept(), left = kept.filter(others);
    if (left.length < kept.length) if (left.length) this.memory.set("outbox", left); else this.memory.remove("outbox");
  }

  /** What waits to be sent, of all tabs. */
  #kept(): Letter[] { return this.memory.get("outbox") ?? []; }

  /** waitMs: the server has said to come back after so long. */
  #status(id: string, status: UserItem["status"], error?: string, waitMs = 0): void {
    const item = this.state.items.find((one): one is UserItem => one.kind === "user" && one.id === id);
    if (!item || item.n !== undefined) return;
    item.status = status;
    item.error = error;
    item.wait = waitMs / 1000;
    this.#watcher.changed();
  }

  /** The conversation, made when it is first needed; of two tabs that need it at once, one makes it. */
  async #opened(): Promise<Key> {
    if (this.#key) return this.#key;
    return alone("opening", async () => {
      const known = this.#key ?? this.memory.get<Key>("key");
      if (known) { if (!this.#key) this.#follow(known); return known; }
      const { signal } = this.#done, identity = this.#identity && await this.#signed(this.#identity);
      if (signal.aborted) throw new Error("left");
      const { id, token, customer } = await this.api.create({
        lang: this.#lang(), ...(this.config?.consent.required ? { consent: this.agreed } : {}), ...(this.learning === null ? {} : { learning: this.learning }),
        ...(this.form ? { form: this.form } : {}), ...(identity === null ? {} : { identity }),
      }).catch((error: unknown) => { throw error instanceof ApiError && error.status === 401 ? new IdentityError(error.message) : error; });
      const key = { id, token };
      if (signal.aborted) { // the customer has gone: nobody else may go on with it
        await this.api.delete(key);
        throw new Error("left");
      }
      this.customer = customer ?? null;
      this.memory.set("key", key);
      this.#keepWho();
      this.#follow(key);
      this.#live = true;
      this.#tabs.say({ kind: "moved", key });
      return key;
    });
  }

  /** A token to begin with: the function may have another customer's by now. */
  async #signed(identity: Identity): Promise<string> {
    const { token, sub } = await named(identity).catch((error: unknown) => { throw navigator.onLine ? error : new TypeError("offline"); });
    this.#become(sub);
    return token;
  }

  #mark(n: number): void { this.#read = Math.max(this.#read, n); this.memory.set("read", this.#read); this.#watcher.changed(); }

  #connected(connected: boolean): void { if (this.connected !== connected) { this.connected = connected; this.#watcher.changed(); } }

  #pause(failures: number, least = 0): Promise<void> {
    const wait = least ? least * (1 + Math.random() / 5) : Math.min(15_000, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}

/** How long the server has asked to wait, in milliseconds; 0 where it has not. */
const delay = (error: unknown): number => (error instanceof ApiError ? error.retryAfter * 1000 : 0);

const unique = (): string => crypto.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
