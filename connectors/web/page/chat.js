// The chat as a page of its own: `?lang=zh` speaks a language, `?theme=dark` sets the looks.
// It runs before the element is defined, so that the chat begins in the visitor's language: the page has none of its own.

const chat = document.querySelector("parley-chat");
const wanted = new URLSearchParams(location.search);
for (const name of ["lang", "theme"]) if (wanted.has(name)) chat.setAttribute(name, wanted.get(name));
document.documentElement.lang = wanted.get("lang") ?? navigator.languages[0] ?? navigator.language;
customElements.whenDefined("parley-chat").then(() => { document.documentElement.lang = chat.language; });
chat.addEventListener("parley-ready", () => { if (chat.session.config.company) document.title = chat.session.config.company; });
