import { useEffect, useRef } from "react";

/**
 * The chat of a Parley server. server: its address; token: a function that gives the signed token of the customer who
 * is signed in (see docs/web-api.md), or nothing for anonymous visitors; onReply: told of every answer. Keep both
 * functions the same between renders (useCallback), or the customer is named anew at each.
 */
export function Chat({ server, token, onReply, ...attributes }) {
  const chat = useRef(null);
  useEffect(() => {
    import(/* @vite-ignore */ `${server}/widget/parley.js`);
  }, [server]);
  useEffect(() => {
    let left = false;
    let quiet;
    customElements.whenDefined("parley-chat").then(() => {
      if (left) return;
      if (token) chat.current.identify(token).catch(() => undefined); // the chat has said why on the console
      if (onReply) quiet = chat.current.on("reply", onReply);
    });
    return () => {
      left = true;
      quiet?.();
    };
  }, [token, onReply]);
  return <parley-chat ref={chat} server={server} {...attributes} />;
}
