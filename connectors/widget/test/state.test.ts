import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ChatEvent } from "../src/protocol.ts";
import { fresh, take, type State } from "../src/state.ts";

const told = (...events: [string, Record<string, unknown>][]): ChatEvent[] => events.map(([type, data], place) => ({ n: place + 1, type, data }));

const TURN = told(
  ["message.received", { text: "How long?", client_id: "a" }], ["turn.started", { message: 1, attempt: 1 }], ["turn.decided", { decision: "answer", message: 1 }],
  ["turn.retrieved", { evidence: [{}, {}], message: 1 }], ["reply.delta", { text: "30 ", message: 1 }], ["reply.delta", { text: "days [1]", message: 1 }],
  ["reply.completed", { text: "30 days [1]", decision: "answer", citations: [], message: 1 }], ["feedback.given", { event: 7, value: 1 }],
  ["message.received", { text: "要人工", client_id: "b" }], ["turn.started", { message: 9, attempt: 1 }], ["reply.completed", { text: "好的", decision: "handoff", citations: [], message: 9 }],
  ["handoff.requested", { message: 9 }], ["handoff.accepted", { name: "Desk 3" }], ["message.agent", { text: "Hello", name: "Desk 3" }], ["handoff.closed", {}], ["conversation.closed", {}],
);

function after(events: ChatEvent[]): State {
  const state = fresh();
  for (const event of events) take(state, event);
  return state;
}

test("a turn: what the agent does, what it writes, what it said", () => {
  assert.equal(after(TURN.slice(0, 2)).doing, "thinking");
  const searching = after(TURN.slice(0, 4));
  assert.deepEqual([searching.doing, searching.sources], ["searching", 2]);
  assert.equal(after(TURN.slice(0, 6)).text, "30 days [1]");
  const done = after(TURN.slice(0, 8));
  assert.deepEqual([done.doing, done.text, done.items.length], ["", "", 2]);
  assert.equal(done.items[1]!.kind === "reply" && done.items[1].verdict, 1);
});

test("a person comes and goes, and the conversation ends", () => {
  const asked = after(TURN.slice(0, 12)), joined = after(TURN.slice(0, 13)), done = after(TURN);
  assert.deepEqual([asked.asked, asked.person], [true, null]);
  assert.deepEqual([joined.asked, joined.person], [false, "Desk 3"]);
  assert.deepEqual([done.person, done.closed], [null, true]);
  assert.deepEqual(done.items.filter(({ kind }) => kind === "note").map((item) => item.kind === "note" && item.note), ["asked", "joined", "left", "closed"]);
});

test("what a person changes reads anew, what they take back is gone", () => {
  const texts = (...more: ChatEvent[]): unknown[] => after([...TURN.slice(0, 14), ...more]).items.flatMap((item) => item.kind === "person" ? item.text : []);
  const changed: ChatEvent = { n: 15, type: "message.changed", data: { event: 14, text: "Hello, 您好" } };
  assert.deepEqual(texts(changed), ["Hello, 您好"]);
  assert.deepEqual(texts(changed, { n: 16, type: "message.deleted", data: { event: 14 } }), []);
  assert.deepEqual(texts({ n: 15, type: "message.deleted", data: { event: 3 } }), ["Hello"]);
});

test("with a person there, no answer is awaited", () => {
  const state = after([...TURN.slice(0, 14), { n: 15, type: "message.received", data: { text: "thanks", client_id: "c" } }]);
  assert.equal(state.doing, "");
});

test("events twice, or in pieces after a reconnect, give the same state as once", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: TURN.length }), { maxLength: 8 }), (cuts) => {
    const state = fresh();
    for (const cut of [...cuts, 0]) for (const event of TURN.slice(Math.min(cut, state.last))) take(state, event);
    assert.deepEqual(state, after(TURN));
  }));
});

test("a turn that starts again forgets what it had written", () => {
  const state = after([...TURN.slice(0, 6), { n: 7, type: "turn.started", data: { message: 1, attempt: 2 } }]);
  assert.deepEqual([state.text, state.doing], ["", "thinking"]);
});

test("an answer asked for again takes the place of the first, however often", () => {
  const again = (n: number, of: number): ChatEvent[] => [
    { n, type: "message.received", data: { text: "How long?", client_id: `again${n}`, again: of } },
    { n: n + 1, type: "reply.completed", data: { text: `${n}`, decision: "answer", citations: [], message: n } },
  ];
  const state = after([...TURN.slice(0, 8), ...again(20, 1), ...again(30, 20)]);
  assert.deepEqual(state.items.flatMap((item) => (item.kind === "reply" && !item.replaced ? [item.reply.text] : [])), ["30"]);
});

test("what is on its way stays below what has arrived, and is shown once", () => {
  const state = fresh();
  state.items.push({ kind: "user", id: "a", text: "How long?", status: "sending", files: [] }, { kind: "user", id: "z", text: "And?", status: "queued", files: [] });
  for (const event of TURN.slice(0, 8)) take(state, event);
  assert.deepEqual(state.items.map(({ id }) => id), ["a", "e7", "z"]);
});

test("a stop keeps what was written", () => {
  const state = after([...TURN.slice(0, 6), { n: 7, type: "turn.stopped", data: { message: 1 } }]);
  assert.deepEqual(state.items.map((item) => (item.kind === "part" ? item.text : item.kind)), ["user", "30 days [1]", "note"]);
});

test("an unknown event, or one without a number, harms nothing", () => {
  const state = after(TURN.slice(0, 8));
  assert.equal(take(state, { n: 9, type: "of.the.future", data: {} }), false);
  assert.equal(take(state, { type: "agent.typing", data: { name: "Desk 3" } }), true);
  assert.equal(state.typing, "Desk 3");
});
