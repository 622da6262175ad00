/** The few pictures, as outlines. */

import { svg, type SVGTemplateResult } from "lit";

const drawn = (path: string, flip = false): SVGTemplateResult => svg`<svg viewBox="0 0 24 24" aria-hidden="true" class=${flip ? "flip" : ""}><path d=${path}></path></svg>`;

export const icons = {
  chat: drawn("M21 12a8 8 0 0 1-11.6 7.1L4 20l1-4.6A8 8 0 1 1 21 12z"), close: drawn("M6 6l12 12M18 6L6 18"), menu: drawn("M12 5h.01M12 12h.01M12 19h.01"),
  send: drawn("M4 12h15M13 6l6 6-6 6", true), stop: drawn("M7 7h10v10H7z"), attach: drawn("M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.3 17a1.6 1.6 0 0 1-2.3-2.3L14.5 7"),
  up: drawn("M7 11v9H4v-9zM7 11l4-8a2 2 0 0 1 2 2v4h6a2 2 0 0 1 2 2l-1.5 7a2 2 0 0 1-2 2H7"), down: drawn("M7 13V4H4v9zM7 13l4 8a2 2 0 0 0 2-2v-4h6a2 2 0 0 0 2-2l-1.5-7a2 2 0 0 0-2-2H7"),
  copy: drawn("M9 9h11v11H9zM5 15H4V4h11v1"), again: drawn("M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4"), newest: drawn("M12 5v14M6 13l6 6 6-6"), star: drawn("M12 3l2.7 5.8 6.3.8-4.6 4.3 1.2 6.3L12 17l-5.6 3.2 1.2-6.3L3 9.6l6.3-.8z"),
};
