/** What pages that embed the chat may rely on. */
/** A signed identity (JWT), or a function that fetches one. */
export type Identity = string | (() => Promise<string>);
/** The events of the element, and what their `detail` holds. */
export interface ParleyEvents {
    ready: {
        version: string;
    };
    open: Record<string, never>;
    close: Record<string, never>;
    sent: {
        text: string;
    };
    reply: {
        event: number;
        text: string;
        decision: string;
        sources: {
            title: string;
            url?: string;
        }[];
    };
    message: {
        text: string;
        name: string;
    };
    handoff: {
        state: "asked" | "joined" | "left";
        name?: string;
    };
    feedback: {
        event: number;
        value: 1 | -1;
    };
    rating: {
        score: number;
    };
    unread: {
        count: number;
    };
    ended: Record<string, never>;
    /** For the developer; it is on the console, too. name: `IdentityError` where the token of `identify` does not hold. */
    failure: {
        message: string;
        name: string;
    };
}
/**
 * `<parley-chat>`. Attributes: `server`, `site`, `lang`, `mode` (launcher, inline, page), `theme` (auto, light, dark),
 * `side` (end, start), `open`, `sound`, `notice` (of unread messages in the page's title). Every event is also a
 * `CustomEvent` named `parley-…` that bubbles.
 */
export interface ParleyChatElement extends HTMLElement {
    server: string;
    site: string;
    lang: string;
    mode: "launcher" | "inline" | "page";
    theme: "auto" | "light" | "dark";
    side: "end" | "start";
    open(): void;
    close(): void;
    /** Sends a message as the customer; resolves once it is on its way. */
    send(text: string): void;
    /**
     * Says who the customer is; another one than before gets a conversation of their own. Rejects with an `IdentityError`
     * where there is no token, or it does not hold.
     */
    identify(identity: Identity): Promise<void>;
    /** Call it when the customer signs out: leaves their conversation and forgets who they are, what they filled in and agreed to. */
    reset(): void;
    /** Listens to an event; returns what ends that. */
    on<K extends keyof ParleyEvents>(type: K, listener: (detail: ParleyEvents[K]) => void): () => void;
    readonly unread: number;
}
declare global {
    interface HTMLElementTagNameMap {
        "parley-chat": ParleyChatElement;
    }
    interface Window {
        Parley?: Promise<ParleyChatElement>;
    }
}
