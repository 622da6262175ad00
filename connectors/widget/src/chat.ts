/** `<parley-chat>`: the element, its attributes and methods; what it shows is in `views`, what it knows in `session`. */

import { LitElement, html, nothing, unsafeCSS, type PropertyValues, type TemplateResult } from "lit";
import { Announcer } from "./announcer.ts";
import { icons } from "./icons.ts";
import { spoken, type Mark } from "./markdown.ts";
import type { ChatEvent, FileInfo, Reply } from "./protocol.ts";
import type { Identity, ParleyChatElement, ParleyEvents } from "./public.ts";
import { ApiError } from "./api.ts";
import { Session } from "./session.ts";
import { chime, saved } from "./effects.ts";
import type { ReplyItem } from "./state.ts";
import sheet from "./chat.css";
import { counted, filled, languageOf, learn, textsOf, type Texts } from "./texts/index.ts";
import { Drawings } from "./views/message.ts";
import { panel } from "./views/panel.ts";

const PHONE = "(max-width: 480px), (max-height: 420px)";

export class ParleyChat extends LitElement implements ParleyChatElement {
  static override styles = unsafeCSS(sheet);
  static override properties = {
    server: { type: String }, site: { type: String }, lang: { type: String }, mode: { type: String, reflect: true }, theme: { type: String, reflect: true }, side: { type: String },
    shown: { type: Boolean, reflect: true, attribute: "open" }, sound: { type: Boolean }, titled: { type: Boolean, attribute: "notice" },
    menu: { state: true }, erasing: { state: true }, refused: { state: true }, formError: { state: true }, explaining: { state: true }, score: { state: true }, picked: { state: true }, away: { state: true }, notice: { state: true },
  };

  declare server: string; declare site: string; declare lang: string; declare mode: "launcher" | "inline" | "page"; declare theme: "auto" | "light" | "dark"; declare side: "end" | "start";
  declare shown: boolean; declare sound: boolean; declare titled: boolean;
  declare menu: boolean; declare erasing: boolean; declare refused: boolean; declare formError: string; declare explaining: number; declare score: number; declare picked: FileInfo[]; declare away: boolean; declare notice: string;

  session!: Session;
  language = "en";
  readonly #announcer = new Announcer(); readonly #drawings = new Drawings();
  readonly #phone = matchMedia(PHONE); readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  #gone = new AbortController(); #frame = 0; #unread = 0; #title: string | null = null; #identity: Identity | null = null; #started = false;

  constructor() {
    super();
    Object.assign(this, { server: "", site: "", lang: "", mode: "launcher", theme: "auto", side: "end", shown: false, sound: false, titled: false,
      menu: false, erasing: false, refused: false, formError: "", explaining: 0, score: 0, picked: [], away: false, notice: "" });
  }

  get t(): Texts { return textsOf(this.language); }
  get full(): boolean { return this.mode === "page" || (this.mode === "launcher" && this.#phone.matches); }
  /** Whether what the chat says is in another language than its answers can be. */
  get foreign(): boolean { return !/^(en|zh)/.test(this.language); }
  get unread(): number { return this.session?.unread ?? 0; }
  get #visible(): boolean { return (this.mode !== "launcher" || this.shown) && !document.hidden; }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#gone = new AbortController();
    const options = { signal: this.#gone.signal }, redraw = (): void => this.requestUpdate();
    this.session = new Session(this.server || location.origin, this.site, () => this.language, {
      changed: () => this.#changed(), happened: (event) => this.#happened(event), left: (gone) => this.#left(gone), failed: (error) => this.#failed(error),
    });
    this.language = languageOf(this.session.memory.get<string>("language"), this.lang, document.documentElement.lang, ...navigator.languages);
    void learn(this.language).then(redraw);
    this.sound ||= this.session.memory.get<boolean>("sound") ?? false;
    this.#phone.addEventListener("change", redraw, options);
    this.#dark.addEventListener("change", redraw, options);
    document.addEventListener("visibilitychange", () => this.#changed(), options);
    visualViewport?.addEventListener("resize", () => this.#fit(), options);
    if (this.#identity) void this.session.identify(this.#identity).catch(() => undefined); // it has been told
    if (this.mode === "launcher" && this.#wasOpen()) this.shown = true;
    // A launcher that nobody opens costs the server nothing, unless there is a conversation to go on with.
    if (this.mode !== "launcher" || this.shown || this.session.memory.get("key")) this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#gone.abort();
    this.session.end();
    this.#started = false;
    this.#noticeTitle(0);
  }

  open(): void {
    if (this.shown) return;
    this.shown = true;
    this.#start();
    void this.updateComplete.then(() => { this.focusText(); this.toNewest(); this.#fit(); });
    this.#tell("open", {});
  }

  close(): void {
    if (!this.shown || this.mode !== "launcher") return;
    this.shown = this.menu = this.erasing = false;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".launch")?.focus());
    this.#tell("close", {});
  }

  send(text: string): void {
    const said = text.trim();
    if (!said && !this.picked.length) return;
    this.#start();
    this.session.send(said, this.picked);
    this.picked = [];
    this.notice = "";
    this.#tell("sent", { text: said });
    void this.updateComplete.then(() => this.toEnd());
  }

  async identify(identity: Identity): Promise<void> {
    this.#identity = identity;
    await this.session?.identify(identity);
  }

  reset(): void {
    this.#identity = null;
    this.session.reset();
  }

  on<K extends keyof ParleyEvents>(type: K, listener: (detail: ParleyEvents[K]) => void): () => void {
    const heard = (event: Event): void => listener((event as CustomEvent<ParleyEvents[K]>).detail);
    this.addEventListener(`parley-${type}`, heard);
    return () => this.removeEventListener(`parley-${type}`, heard);
  }

  protected override render(): TemplateResult {
    const dark = this.theme === "dark" || (this.theme === "auto" && this.#dark.matches), floating = this.mode === "launcher", { t } = this;
    const shape = `${this.mode} ${floating ? "floating" : ""} ${this.full && (this.shown || !floating) ? "full" : ""} ${this.side} ${dark ? "dark" : ""}`;
    const count = this.unread, name = this.shown ? t.close : count ? `${t.open}, ${counted(this.language, t.unread, count)}` : t.open;
    return html`<div class="root ${shape}" lang=${this.language} dir=${this.language === "ar" ? "rtl" : "ltr"}>
      ${!floating || this.shown ? panel(this) : nothing}
      ${floating ? html`<button type="button" class="launch" part="launcher" aria-label=${name} aria-expanded=${this.shown} aria-controls=${this.shown ? "panel" : nothing} @click=${() => (this.shown ? this.close() : this.open())}>${this.shown ? icons.close : icons.chat}${count && !this.shown ? html`<span class="badge" part="badge" aria-hidden="true">${count > 9 ? "9+" : count}</span>` : nothing}</button>` : nothing}
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("lang") && this.lang && this.session && !this.session.memory.get("language")) this.#turnTo(languageOf(this.lang));
    if (this.#visible && this.session) this.session.seen();
    const log = this.renderRoot instanceof ShadowRoot ? this.renderRoot.querySelector(".log") : null;
    this.#focused = this.hasUpdated && (this.renderRoot as ShadowRoot).activeElement !== null;
    this.#atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  }
  #atEnd = true; #focused = false;

  protected override updated(): void {
    this.#announcer.attach(this.renderRoot.querySelector("#said"));
    if (this.#atEnd && !this.away) this.toNewest();
    if (this.#focused && !(this.renderRoot as ShadowRoot).activeElement) this.#refocus();
    this.#count();
    this.#noteOpen();
  }

  // What the views call.

  drawn(owner: object, text: string, mark?: Mark): HTMLElement { return this.#drawings.of(owner, text, mark, this.session.config?.images ?? []); }

  submit(): void {
    const box = this.#box;
    if (!box) return;
    this.send(box.value);
    box.value = "";
  }

  stop(): void { void this.session.stop(); this.focusText(); }

  focusText(): void { (this.#box ?? this.renderRoot.querySelector<HTMLElement>(".panel input, .panel .main, .log"))?.focus({ preventScroll: true }); }

  /** Another conversation of the same customer. */
  renew(): void {
    this.session.renew();
    void this.updateComplete.then(() => this.focusText());
  }

  /** To the end; what is longer than can be seen is shown from its beginning. */
  toNewest(): void {
    const log = this.renderRoot.querySelector<HTMLElement>(".log"), item = log?.querySelector<HTMLElement>("ol.items > li:last-child");
    if (!log) return;
    if (!item) { log.scrollTop = 0; return; }
    log.scrollTop = Math.min(log.scrollHeight, item.classList.contains("agent") ? item.offsetTop - 8 : log.scrollHeight);
  }

  toEnd(ask = false): void {
    const log = this.renderRoot.querySelector(".log");
    if (log) log.scrollTop = log.scrollHeight;
    if (ask) { this.away = false; this.focusText(); }
  }

  async judge(item: ReplyItem, value: 1 | -1): Promise<void> {
    this.explaining = value < 0 ? item.n : 0;
    await this.#tried(this.session.feedback(item.n, value));
    this.#tell("feedback", { event: item.n, value });
  }

  async explain(item: ReplyItem, comment: string): Promise<void> {
    this.explaining = 0;
    if (comment) await this.#tried(this.session.feedback(item.n, -1, comment));
    this.focusText();
  }

  async rate(comment: string): Promise<void> {
    await this.#tried(this.session.rate(this.score, comment));
    this.#tell("rating", { score: this.score });
  }

  async copy(text: string): Promise<void> {
    await this.#tried(navigator.clipboard.writeText(spoken(text)));
    const { copied } = this.t;
    this.#say(copied);
    setTimeout(() => { if (this.notice === copied) this.notice = ""; }, 2500);
  }

  async show(file: FileInfo): Promise<void> { await this.#tried(this.session.api.blob(this.session.key!, `files/${file.id}`).then((blob) => saved(blob, file.name))); }

  async download(): Promise<void> {
    await this.#tried(this.session.api.blob(this.session.key!, `transcript?format=html&lang=${this.language}`).then((blob) => saved(blob, "conversation.html")));
  }

  async erase(): Promise<void> {
    this.menu = this.erasing = false;
    await this.#tried(this.session.forget());
    this.focusText();
  }

  toggleMenu(): void {
    this.menu = !this.menu;
    this.erasing = false;
    if (this.menu) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("#menu select")?.focus());
  }

  askErase(): void { this.erasing = true; void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("#menu button")?.focus()); }

  speak(language: string): void {
    this.session.memory.set("language", language);
    this.#turnTo(language);
  }

  setSound(on: boolean): void { this.sound = on; this.session.memory.set("sound", on); if (on) chime(); }

  drop(file: FileInfo): void { this.picked = this.picked.filter((one) => one !== file); this.focusText(); }

  readonly onPick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    void this.#attach([...(input.files ?? [])]);
    input.value = "";
  };

  readonly onPaste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !this.session.config?.uploads) return;
    event.preventDefault();
    void this.#attach(files);
  };

  readonly onType = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  };

  readonly onScroll = (event: Event): void => {
    const log = event.target as HTMLElement;
    this.away = log.scrollHeight - log.scrollTop - log.clientHeight > 200;
  };

  readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (this.menu) { this.menu = this.erasing = false; this.renderRoot.querySelector<HTMLElement>("#more")?.focus(); } else if (this.mode === "launcher") this.close();
    } else if (event.key === "Tab" && this.full && this.mode === "launcher") this.#trap(event);
  };

  #turnTo(language: string): void {
    this.language = language;
    void learn(language).then(() => this.requestUpdate());
    if (this.#started) void this.session.configure().catch(() => undefined);
  }

  get #box(): HTMLTextAreaElement | null { return this.renderRoot.querySelector<HTMLTextAreaElement>("#text"); }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    const { session } = this;
    void session.start().then(() => {
      if (session.config) this.#tell("ready", { version: session.config.version });
      this.requestUpdate();
      if ((this.renderRoot as ShadowRoot).activeElement) void this.updateComplete.then(() => this.focusText());
    });
  }

  /** Where what had the focus is gone, such as a button that was chosen. A touch does not want the keyboard for it. */
  #refocus(): void {
    if (matchMedia("(hover: none)").matches) this.renderRoot.querySelector<HTMLElement>(".log")?.focus({ preventScroll: true }); else this.focusText();
  }

  #left(gone: boolean): void {
    this.#announcer.clear();
    this.notice = this.formError = "";
    this.picked = [];
    this.score = this.explaining = 0;
    this.menu = this.erasing = this.away = false;
    if (!gone) return;
    this.refused = false;
    for (const form of this.renderRoot.querySelectorAll("form")) form.reset();
  }

  #failed(error: Error): void {
    console.error(`parley: ${error.message}`, ...(error.cause ? [error.cause] : []));
    this.#tell("failure", { message: error.message, name: error.name });
  }

  /** Whether this tab showed the panel before it was loaded anew. What covers a phone's screen comes back after a reload alone. */
  #wasOpen(): boolean {
    try {
      return sessionStorage.getItem(this.session.memory.prefix + "open") !== null
        && (!this.#phone.matches || (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined)?.type === "reload");
    } catch { return false; }
  }

  /** Not before there is a conversation to come back to. */
  #noteOpen(): void {
    const name = `${this.session.memory.prefix}open`, open = this.shown && this.session.key !== null;
    if (this.mode !== "launcher" || !this.session.config) return;
    try { if (open) sessionStorage.setItem(name, "1"); else sessionStorage.removeItem(name); } catch { /* it begins closed */ }
  }

  /** Keeps the focus within, while nothing else is on the screen. */
  #trap(event: KeyboardEvent): void {
    const inside = [...this.renderRoot.querySelectorAll<HTMLElement>(".panel :is(button, textarea, input, select, a[href], summary, [tabindex='0'])")].filter((one) => one.offsetParent !== null && !(one as HTMLButtonElement).disabled);
    const at = inside.indexOf((this.renderRoot as ShadowRoot).activeElement as HTMLElement), last = inside.length - 1;
    if (event.shiftKey ? at <= 0 : at === last) { event.preventDefault(); inside[event.shiftKey ? last : 0]?.focus(); }
  }

  /** Leaves room for the phone's keyboard. */
  #fit(): void { if (visualViewport) this.style.setProperty("--visible-height", `${visualViewport.height}px`); }

  /** Drawn once a frame, however many events come; a hidden page has no frames. */
  #changed(): void {
    if (document.hidden) return this.requestUpdate();
    this.#frame ||= requestAnimationFrame(() => { this.#frame = 0; this.requestUpdate(); });
  }

  #happened({ type, n = 0, data }: ChatEvent): void {
    const { state } = this.session;
    if (type === "reply.delta") this.#announcer.progress(state.text);
    else if (type === "reply.completed") {
      const { text, decision, citations = [] } = data as unknown as Reply;
      this.#announcer.finish(text);
      this.#arrived();
      this.#tell("reply", { event: n, text, decision, sources: citations.map(({ title, link, url }) => ({ title, ...(link || url ? { url: link || url! } : {}) })) });
    } else if (type === "message.agent") {
      const name = String(data["name"] ?? "");
      this.#announcer.say(`${name || this.t.colleague}: ${String(data["text"])}`);
      this.#arrived();
      this.#tell("message", { text: String(data["text"]), name });
    } else if (type === "handoff.requested") this.#tell("handoff", { state: "asked" });
    else if (type === "handoff.accepted") {
      this.#announcer.say(filled(this.t.joined, String(data["name"] || this.t.colleague)));
      this.#tell("handoff", { state: "joined", name: String(data["name"] ?? "") });
    } else if (type === "handoff.closed") this.#tell("handoff", { state: "left" });
    else if (type === "turn.failed") this.#announcer.say(String(data["text"]));
    else if (type === "turn.stopped") this.#announcer.say(this.t.stopped);
    else if (type === "conversation.closed") { this.#announcer.say(this.t.closed); this.#tell("ended", {}); }
  }

  #arrived(): void { if (this.sound && !this.#visible) chime(); }

  #count(): void {
    const count = this.unread;
    if (count === this.#unread) return;
    this.#unread = count;
    this.#noticeTitle(this.titled ? count : 0);
    this.#tell("unread", { count });
  }

  #noticeTitle(count: number): void {
    if (count) {
      this.#title ??= document.title;
      document.title = `(${count}) ${this.#title}`;
    } else if (this.#title !== null) { document.title = this.#title; this.#title = null; }
  }

  async #attach(files: File[]): Promise<void> {
    const limits = this.session.config?.uploads, { t } = this;
    if (!limits) return;
    this.notice = "";
    for (const file of files) {
      if (!limits.types.includes(file.type)) { this.#say(filled(t.kind, file.name)); continue; }
      if (file.size > limits.max_bytes) { this.#say(filled(t.big, file.name)); continue; }
      try { this.picked = [...this.picked, await this.session.upload(file)]; } catch (error) { this.#say(this.#refused(file, error)); }
    }
    this.focusText();
  }

  #refused({ name }: File, error: unknown): string {
    const { t } = this, status = error instanceof ApiError ? error.status : 0;
    return status === 415 ? filled(t.kind, name) : status === 413 ? filled(t.big, name) : filled(t.upload, name, status ? (error as Error).message : t.offline);
  }

  async #tried(work: Promise<unknown>): Promise<void> { try { await work; } catch (error) { this.#say(error instanceof TypeError ? this.t.offline : (error as Error).message); } }

  #say(text: string): void { this.notice = text; this.#announcer.say(text); }

  #tell<K extends keyof ParleyEvents>(type: K, detail: ParleyEvents[K]): void { this.dispatchEvent(new CustomEvent(`parley-${type}`, { detail, bubbles: true, composed: true })); }
}

if (!customElements.get("parley-chat")) customElements.define("parley-chat", ParleyChat);
