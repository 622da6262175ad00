"use strict";
// The language of a page: what its address asks for (#zh), else what it was written in, until the button is pressed.
(() => {
  const root = document.documentElement, titles = root.dataset;
  const speak = (language) => {
    root.lang = language;
    document.title = `Parley · ${titles[language]}`;
    for (const one of document.querySelectorAll("svg [data-en]")) one.textContent = one.dataset[language];
    for (const one of document.querySelectorAll("svg[data-en]")) one.setAttribute("aria-label", one.dataset[language]);
    for (const link of document.links) link.hash = language;
    document.dispatchEvent(new Event("spoken"));
  };
  document.getElementById("switch").addEventListener("click", () => speak(root.lang === "zh" ? "en" : "zh"));
  const asked = location.hash.slice(1);
  speak(asked === "en" || asked === "zh" ? asked : root.lang);
})();
