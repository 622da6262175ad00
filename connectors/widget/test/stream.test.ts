import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { Api } from "../src/api.ts";
import type { ChatEvent } from "../src/protocol.ts";
import { Stream } from "../src/stream.ts";

// What a browser has and Node has not.
const page = new EventTarget() as EventTarget & { hidden: boolean };
page.hidden = false;
Object.assign(globalThis, { document: page, addEventListener: page.addEventListener.bind(page), removeEventListener: page.removeEventListener.bind(page) });

const written = (event: ChatEvent): string => `id: ${event.n}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** A server whose every stream breaks after so many bytes: in mid-event, in mid-character, as networks do. */
async function heard(events: ChatEvent[], cuts: number[], refusals: number): Promise<{ events: ChatEvent[]; asked: number[] }> {
  const asked: number[] = [];
  let tries = 0;
  const server = createServer((request, answer) => {
    const after = Number(request.headers["last-event-id"]);
    asked.push(after);
    if (tries < refusals) { tries += 1; answer.writeHead(tries % 2 ? 503 : 429, { "Retry-After": "0" }).end("{}"); return; }
    const bytes = Buffer.from(`retry: 1000\n\n: here\n\n${events.filter(({ n }) => n! > after).map(written).join("")}`);
    const cut = cuts.shift() ?? bytes.length;
    answer.writeHead(200, { "Content-Type": "text/event-stream" });
    answer.write(bytes.subarray(0, cut), () => { if (cut < bytes.length) setTimeout(() => answer.destroy(), 2); });
  });
  await new Promise<void>((ready) => { server.listen(0, "127.0.0.1", ready); });
  const got: ChatEvent[] = [];
  await new Promise<void>((done) => {
    const waker = setInterval(() => page.dispatchEvent(new Event("online")), 15); // saves the pauses between tries
    const stream = new Stream(new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => "en"), { id: "c", token: "t" }, 0, {
      onEvent: (event) => { got.push(event); if (event.n === events.at(-1)!.n) { clearInterval(waker); stream.close(); done(); } },
      onState: () => undefined, onGone: () => undefined,
    });
  });
  server.closeAllConnections();
  server.close();
  return { events: got, asked };
}

test("wherever a stream breaks, each event comes once and in order, to the last character", async () => {
  const texts = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 12 });
  await fc.assert(fc.asyncProperty(texts, fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 5 }), fc.integer({ min: 0, max: 2 }), async (said, cuts, refusals) => {
    let n = 0;
    const events = said.map((text, place) => ({ n: n += 1 + (place % 3), type: "reply.delta", data: { text } }));
    const got = await heard(events, cuts, refusals);
    assert.equal(got.events.map(({ data }) => data["text"]).join(""), said.join(""));
    assert.deepEqual(got.events, events);
    assert.ok(got.asked.every((after) => after === 0 || events.some((event) => event.n === after)));
  }), { numRuns: 50 });
});

test("a conversation that is gone is not asked for again", async () => {
  let asked = 0;
  const server = createServer((_, answer) => { asked += 1; answer.writeHead(404, { "Content-Type": "application/problem+json" }).end("{}"); });
  await new Promise<void>((ready) => { server.listen(0, "127.0.0.1", ready); });
  await new Promise<void>((done) => {
    new Stream(new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => "en"), { id: "c", token: "t" }, 0, { onEvent: () => undefined, onState: () => undefined, onGone: done });
  });
  page.dispatchEvent(new Event("online"));
  assert.equal(asked, 1);
  server.closeAllConnections();
  server.close();
});

test("what is on its way when a stream is closed is told nobody: the next customer would read it", async () => {
  const told: ChatEvent[] = [], followed: { stream?: Stream } = {};
  const event = (n: number): ChatEvent => ({ n, type: "message.received", data: { text: "my card number" } });
  const bytes = new TextEncoder().encode(written(event(1)) + written(event(2)));
  await new Promise<void>((done) => {
    const chunks = [{ done: false, value: bytes }];
    const reader = { read: (): unknown => { followed.stream!.close(); setTimeout(done, 5); return Promise.resolve(chunks.pop() ?? { done: true }); } };
    const api = { events: () => new Promise((go) => { setTimeout(() => { go({ getReader: () => reader }); }, 1); }) } as unknown as Api;
    followed.stream = new Stream(api, { id: "c", token: "t" }, 0, { onEvent: (one) => { told.push(one); }, onState: () => undefined, onGone: () => undefined });
  });
  assert.deepEqual(told, []);
});
