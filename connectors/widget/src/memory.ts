/** Small things kept in this browser. Where storage throws (private mode, blocked), they live as long as the page. */

export class Memory {
  readonly #fallback = new Map<string, string>();
  readonly #prefix: string;
  /** Until the customer has agreed, nothing is written to the browser. */
  mayStore = true;

  constructor(prefix: string) { this.#prefix = prefix; }

  get<T>(key: string): T | null {
    try {
      return JSON.parse((this.#stored(key) ?? this.#fallback.get(key)) ?? "null") as T | null;
    } catch { return null; }
  }

  set(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    this.#fallback.set(key, text);
    if (this.mayStore) try { localStorage.setItem(this.#prefix + key, text); } catch { /* kept above */ }
  }

  remove(key: string): void {
    this.#fallback.delete(key);
    try { localStorage.removeItem(this.#prefix + key); } catch { /* nothing kept */ }
  }

  /** Writes what was said before the customer agreed. */
  keep(): void {
    this.mayStore = true;
    for (const [key, text] of this.#fallback) try { localStorage.setItem(this.#prefix + key, text); } catch { /* kept above */ }
  }

  #stored(key: string): string | null {
    try { return localStorage.getItem(this.#prefix + key); } catch { return null; }
  }
}
