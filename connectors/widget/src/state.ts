/** What the conversation looks like, made from its events alone: the same events give the same state, however they came. */

import type { ChatEvent, FileInfo, Reply } from "./protocol.ts";

export type Status = "sending" | "queued" | "failed" | "sent";

export interface UserItem { kind: "user"; id: string; text: string; status: Status; files: FileInfo[]; n?: number; at?: string; error?: string | undefined; wait?: number; again?: number }
export interface ReplyItem { kind: "reply"; id: string; n: number; reply: Reply; message: number; at?: string; verdict?: number; replaced?: boolean }
export interface PersonItem { kind: "person"; id: string; n: number; text: string; name: string; at?: string; verdict?: number }
export interface PartItem { kind: "part"; id: string; text: string; message: number; replaced?: boolean }
export interface NoteItem { kind: "note"; id: string; note: "failed" | "stopped" | "asked" | "joined" | "left" | "closed"; text?: string; at?: string; message?: number }
export type Item = UserItem | ReplyItem | PersonItem | PartItem | NoteItem;

export type Doing = "" | "thinking" | "searching" | "writing";

export interface State {
  items: Item[];
  /** What the agent is doing; the text that has come so far. */
  doing: Doing; sources: number; text: string; answering: number;
  /** A person: asked for, or here by name. */
  asked: boolean; person: string | null; typing: string;
  closed: boolean; rated: number;
  last: number;
}

export const fresh = (): State => ({ items: [], doing: "", sources: 0, text: "", answering: 0, asked: false, person: null, typing: "", closed: false, rated: 0, last: 0 });

/** Takes in one event; says whether anything changed. */
export function take(state: State, event: ChatEvent): boolean {
  const { n = 0, data } = event;
  if (n) {
    if (n <= state.last) return false;
    state.last = n;
  }
  const handler = HANDLERS[event.type];
  if (!handler) return false;
  handler(state, data, n, event.at);
  return true;
}

type Data = Record<string, any>; // eslint-disable-line -- as the server sends it, checked there
type Handler = (state: State, data: Data, n: number, at: string | undefined) => void;

const HANDLERS: Record<string, Handler> = {
  "message.received": received,
  "turn.started": (state, data) => { begin(state, Number(data["message"])); },
  "turn.decided": (state, data) => { if (data["decision"] === "answer") state.doing = "searching"; },
  "turn.retrieved": (state, data) => { state.doing = "searching"; state.sources = (data["evidence"] as unknown[] | undefined)?.length ?? 0; },
  "reply.delta": (state, data) => {
    state.doing = "writing";
    state.text = data["reset"] ? "" : state.text + (data["text"] as string);
  },
  "reply.completed": (state, data, n, at) => {
    add(state, { kind: "reply", id: `e${n}`, n, reply: data as Reply, message: Number(data["message"]), ...when(at) });
    idle(state);
  },
  "turn.failed": (state, data, n, at) => { note(state, "failed", n, at, data["text"] as string, Number(data["message"])); idle(state); },
  "turn.stopped": (state, data, n, at) => {
    if (state.text) add(state, { kind: "part", id: `p${n}`, text: state.text, message: Number(data["message"]) });
    note(state, "stopped", n, at, undefined, Number(data["message"]));
    idle(state);
  },
  "handoff.requested": (state, _, n, at) => { state.asked = true; note(state, "asked", n, at); },
  "handoff.accepted": (state, data, n, at) => {
    state.asked = false;
    state.person = (data["name"] as string | undefined) ?? "";
    note(state, "joined", n, at, state.person);
    idle(state);
  },
  "handoff.closed": (state, _, n, at) => { note(state, "left", n, at, state.person ?? ""); state.asked = false; state.person = null; state.typing = ""; },
  "agent.typing": (state, data) => { state.typing = (data["name"] as string | undefined) || " "; },
  "message.agent": (state, data, n, at) => {
    state.typing = "";
    add(state, { kind: "person", id: `e${n}`, n, text: data["text"] as string, name: (data["name"] as string | undefined) ?? state.person ?? "", ...when(at) });
  },
  "message.changed": (state, data) => { correct(state, data, { text: data["text"] as string }); },
  "message.deleted": (state, data) => { correct(state, data); },
  "feedback.given": (state, data) => { correct(state, data, { verdict: Number(data["value"]) }); },
  "conversation.rated": (state, data) => { state.rated = Number(data["score"]); },
  "conversation.closed": (state, _, n, at) => { state.closed = true; note(state, "closed", n, at); idle(state); },
};

/** What an event is about gets these fields; without any it is taken back. */
function correct(state: State, data: Data, fields?: object): void {
  state.items = state.items.filter((item) => (item as { n?: number }).n !== data["event"] || (fields && Object.assign(item, fields)));
}

function received(state: State, data: Data, n: number, at: string | undefined): void {
  const again = data["again"] as number | undefined;
  const place = state.items.findIndex((item) => item.kind === "user" && item.id === data["client_id"] && item.n === undefined);
  if (place >= 0) state.items.splice(place, 1);
  if (again) {
    for (const item of state.items) if ((item.kind === "reply" || item.kind === "part") && origin(state, item.message) === origin(state, again)) item.replaced = true;
    state.items = state.items.filter((item) => !(item.kind === "note" && item.message !== undefined && origin(state, item.message) === origin(state, again)));
  }
  const item: UserItem = { kind: "user", id: String(data["client_id"]), text: String(data["text"] ?? ""), status: "sent", files: (data["files"] as FileInfo[] | undefined) ?? [], n, ...when(at) };
  if (again) item.again = again;
  add(state, item);
  if (state.person === null) begin(state, n);
}

/** Puts in what has arrived: above what is still on its way. */
function add(state: State, item: Item): void {
  const waiting = state.items.findIndex((one) => one.kind === "user" && one.n === undefined);
  state.items.splice(waiting < 0 ? state.items.length : waiting, 0, item);
}

/** The message that a message asked again goes back to. */
function origin(state: State, message: number): number {
  const item = state.items.find((one): one is UserItem => one.kind === "user" && one.n === message);
  return item?.again ? origin(state, item.again) : message;
}

function begin(state: State, message: number): void { state.doing = "thinking"; state.text = ""; state.sources = 0; state.answering = message; }

function idle(state: State): void { state.doing = ""; state.text = ""; state.answering = 0; }

function note(state: State, kind: NoteItem["note"], n: number, at: string | undefined, text?: string, message?: number): void {
  add(state, { kind: "note", id: `n${n}`, note: kind, ...(text === undefined ? {} : { text }), ...(message === undefined ? {} : { message }), ...when(at) });
}

const when = (at: string | undefined): { at?: string } => (at ? { at } : {});
