/** What the server says: the JSON of its HTTP API and of its event stream. */

export interface Citation { n: number; source_id: string; title: string; url?: string; link?: string; quote: string; page?: number | null }

/** A field of the form before the chat, or of a slot that the agent asks for. min, max: of a date, days from today. */
export interface Field { name: string; label: string; type: "text" | "email" | "tel" | "number" | "date" | "select"; required?: boolean; options?: string[]; min?: number; max?: number }

/** An action that the customer must agree to before it is done. */
export interface Confirm { title: string; rows: [string, string][]; yes: string; no: string }

export interface Reply {
  text: string; language: string; flow?: unknown; decision: "answer" | "clarify" | "flow" | "act" | "handoff" | "decline";
  citations: Citation[]; choices?: string[]; fields?: Field[]; confirm?: Confirm;
}

export interface FileInfo { id: string; name: string; type: string; bytes: number }

export interface ChatEvent { n?: number; type: string; at?: string; data: Record<string, unknown> }

export interface Customer { id: string; name?: string }

/** time_zone: the company's; older servers do not say. */
export interface Hours { open: boolean; opens_at: string | null; time_zone?: string }

/** `GET /v1/widget`. */
export interface Config {
  version: string; company: string; suggestions: string[];
  consent: { required: boolean; learning: boolean; text: string; privacy_url: string };
  form: Field[]; uploads: { types: string[]; max_bytes: number } | null; images: string[];
  hours: Hours | null; rating: boolean;
  /** Whether anybody can take over; older servers do not say. */
  people?: boolean;
}
