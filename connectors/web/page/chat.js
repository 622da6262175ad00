// The chat as a page of its own: `?lang=zh` speaks a language, `?theme=dark` sets the looks.

const chat = document.querySelector("parley-chat");
const wanted = new URLSearchParams(location.search);
for (const name of ["lang", "theme"]) if (wanted.has(name)) chat.setAttribute(name, wanted.get(name));
chat.addEventListener("parley-ready", () => { if (chat.session.config.company) document.title = chat.session.config.company; });
