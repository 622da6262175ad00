/** The one-line loader: `<script async src="…/widget/loader.js" data-server="…"></script>`. */

{
  const script = document.currentScript as HTMLScriptElement;
  const chat = document.createElement("parley-chat");
  for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name, value ?? "");
  if (!chat.hasAttribute("server")) chat.setAttribute("server", new URL("..", script.src).href);
  window.Parley = customElements.whenDefined("parley-chat").then(() => chat);
  const begin = (): void => {
    document.body.append(chat);
    void import(new URL("parley.js", script.src).href);
  };
  if (document.readyState === "complete") begin(); else addEventListener("load", begin);
}
