// The conversation over HTTP: created once, kept for a reload, followed as server-sent events that resume where they broke.

const KEY = "parley-conversation";

export class Conversation {
  #id; #token; #after = 0; #abort = new AbortController();
  isNew = false;

  // The conversation of the last visit, or a new one; onWaiting() while no server answers.
  static async open(onWaiting) {
    const conversation = new Conversation();
    const kept = read();
    if (kept) [conversation.#id, conversation.#token] = [kept.id, kept.token];
    for (let failures = 0; !conversation.#id; failures += 1) {
      try { await conversation.#create(); } catch { onWaiting(); await pause(failures); }
    }
    return conversation;
  }

  async #create() {
    const answer = await fetch("/v1/conversations", { method: "POST" });
    if (!answer.ok) throw new Error(answer.statusText);
    const { id, token } = await answer.json();
    [this.#id, this.#token, this.isNew] = [id, token, true];
    try { localStorage.setItem(KEY, JSON.stringify({ id, token })); } catch { /* private mode: lives as long as the page */ }
  }

  static forget() { try { localStorage.removeItem(KEY); } catch { /* nothing kept */ } }

  // Throws an Error; its `final` says that sending the same again would not help.
  async post(action, body) {
    const answer = await fetch(`/v1/conversations/${this.#id}/${action}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" },
      body: JSON.stringify(body ?? {}),
    });
    if (answer.ok) return answer.json();
    const { detail } = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(detail ?? answer.statusText), { final: answer.status < 500 });
  }

  // Calls onEvent for each event, once, in order, for ever; onState(true|false) as the connection comes and goes.
  async follow(onEvent, onState) {
    for (let failures = 0; !this.#abort.signal.aborted; ) {
      try {
        const answer = await fetch(`/v1/conversations/${this.#id}/events`, {
          headers: { Authorization: `Bearer ${this.#token}`, "Last-Event-ID": String(this.#after) },
          signal: this.#abort.signal,
        });
        if (answer.status === 404) { Conversation.forget(); location.reload(); return; }
        if (!answer.ok) throw new Error(answer.statusText);
        failures = 0;
        onState(true);
        await this.#read(answer.body.getReader(), onEvent);
      } catch { if (this.#abort.signal.aborted) return; }
      onState(false);
      failures += 1;
      await pause(failures);
    }
  }

  async #read(reader, onEvent) {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.split("\n").find((line) => line.startsWith("data: "));
        if (!data) continue;
        const event = JSON.parse(data.slice(6));
        if (!(event.n > this.#after)) continue; // what has no number passes by
        this.#after = event.n;
        onEvent(event);
      }
    }
  }
}

function read() {
  try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; }
}

function pause(failures) {
  return new Promise((resolve) => setTimeout(resolve, Math.min(4000, 250 * 2 ** failures) * (0.5 + Math.random() / 2)));
}
