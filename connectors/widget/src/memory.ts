/** Small things kept in this browser. Where storage throws (private mode, blocked), they live as long as the page. */

export class Memory {
  readonly #fallback = new Map<string, string>();
  readonly prefix: string;
  /** Until the customer has agreed, nothing is written to the browser. */
  mayStore = true;

  constructor(prefix: string) { this.prefix = prefix; }

  get<T>(key: string): T | null {
    try {
      return JSON.parse(this.#fallback.get(key) ?? localStorage.getItem(this.prefix + key) ?? "null") as T | null;
    } catch { return null; }
  }

  set(key: string, value: unknown): void {
    this.#fallback.set(key, JSON.stringify(value));
    if (this.mayStore) this.keep();
  }

  remove(key: string): void {
    this.#fallback.delete(key);
    try { localStorage.removeItem(this.prefix + key); } catch { /* nothing kept */ }
  }

  /** Writes what is not yet written. What is in the browser is not kept here too: another tab may change it. */
  keep(): void {
    this.mayStore = true;
    for (const [key, text] of this.#fallback) try { localStorage.setItem(this.prefix + key, text); this.#fallback.delete(key); } catch { /* kept here */ }
  }
}
