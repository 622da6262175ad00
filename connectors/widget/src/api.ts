/** The HTTP API. */

import type { Config, Customer, FileInfo } from "./protocol.ts";

/** The server refused. `final`: the same request would be refused again. */
export class ApiError extends Error {
  readonly status: number;
  readonly retryAfter: number;
  constructor(status: number, message: string, retryAfter = 0) { super(message); this.status = status; this.retryAfter = retryAfter; }
  get final(): boolean { return this.status >= 400 && this.status < 500 && this.status !== 429 && this.status !== 408; }
}

export interface Key { id: string; token: string }

export interface Opening { consent?: boolean; learning?: boolean; identity?: string; form?: Record<string, string>; lang: string }

export class Api {
  readonly #server: string; readonly #lang: () => string;
  /** lang: the customer's language, in which the server's refusals are said. */
  constructor(server: string, lang: () => string) { this.#server = server.replace(/\/+$/, ""); this.#lang = lang; }

  config(lang: string): Promise<Config> { return this.#json(`/widget?lang=${encodeURIComponent(lang)}`); }

  /** Whether the server gives the files that pages of every site may load. */
  there(): Promise<boolean> { return fetch(`${this.#server}/widget/manifest.json`, { credentials: "omit", cache: "no-store" }).then((answer) => answer.ok, () => false); }

  create(opening: Opening): Promise<Key & { customer?: Customer }> { return this.#json("/conversations", { body: opening }); }

  post<T>(key: Key, action: string, body: unknown = {}): Promise<T> { return this.#json(`/conversations/${key.id}/${action}`, { key, body }); }

  read(key: Key): Promise<{ events: import("./protocol.ts").ChatEvent[] }> { return this.#json(`/conversations/${key.id}`, { key }); }

  upload(key: Key, file: File): Promise<FileInfo> {
    const path = `/conversations/${key.id}/files?name=${encodeURIComponent(file.name)}`;
    return this.#json(path, { key, raw: file });
  }

  async delete(key: Key): Promise<void> { await this.#fetch(`/conversations/${key.id}`, { key, method: "DELETE" }); }

  async blob(key: Key, path: string): Promise<Blob> { return (await this.#fetch(`/conversations/${key.id}/${path}`, { key })).blob(); }

  /** The event stream from after event `after`. */
  async events(key: Key, after: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const answer = await this.#fetch(`/conversations/${key.id}/events`, { key, signal, headers: { "Last-Event-ID": String(after), Accept: "text/event-stream" } });
    return answer.body!;
  }

  async #json<T>(path: string, options: Options = {}): Promise<T> { return (await this.#fetch(path, options)).json() as Promise<T>; }

  async #fetch(path: string, { key, body, raw, method, headers = {}, signal }: Options): Promise<Response> {
    headers["Accept-Language"] = this.#lang();
    if (key) headers["Authorization"] = `Bearer ${key.token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (raw) headers["Content-Type"] = raw.type || "application/octet-stream";
    const answer = await fetch(`${this.#server}/v1${path}`, {
      method: method ?? (body !== undefined || raw ? "POST" : "GET"), headers, credentials: "omit", cache: "no-store",
      body: raw ?? (body === undefined ? null : JSON.stringify(body)), signal: signal ?? null,
    });
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({})) as { detail?: string };
    throw new ApiError(answer.status, problem.detail ?? answer.statusText, Number(answer.headers.get("Retry-After")) || 0);
  }
}

interface Options { key?: Key; body?: unknown; raw?: File; method?: string; headers?: Record<string, string>; signal?: AbortSignal }
