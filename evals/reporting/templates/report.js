"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const words = read("words"), all = read("data"), page = 50;
  const filters = document.getElementById("filters"), list = document.getElementById("cases"), more = document.getElementById("more");
  let found = all, shown = 0;
  const word = (name) => words[name][document.documentElement.lang === "zh" ? 1 : 0];
  const named = (name) => (Object.hasOwn(words, name) ? word(name) : name);
  // Text goes in by textContent alone: what cases hold is never markup.
  const made = (tag, text, under) => { const one = document.createElement(tag); one.textContent = text; if (under) under.append(one); return one; };
  const open = (details, row) => {
    if (details.querySelector("dl, p")) return;
    made("p", row.a, details).className = "answer";
    if (!row.trace) { made("p", word("untraced"), details); return; }
    const pairs = made("dl", "", details);
    for (const [name, text] of row.trace) { made("dt", word(name), pairs); made("dd", text, pairs); }
  };
  const show = () => {
    for (const row of found.slice(shown, shown + page)) {
      const details = made("details", "", list);
      details.className = row.right ? "right" : "wrong";
      made("summary", `${row.q} · ${named(row.d)} · ${row.id}`, details);
      details.addEventListener("toggle", () => open(details, row));
    }
    shown = Math.min(found.length, shown + page);
    more.hidden = shown >= found.length;
  };
  const filter = () => {
    const of = Object.fromEntries(new FormData(filters)), text = of.text.toLowerCase();
    found = all.filter((row) => (!of.kind || row.kind === of.kind) && (!of.lang || row.lang === of.lang)
      && (!of.verdict || Boolean(row.right) === (of.verdict === "right"))
      && (!text || `${row.id}\n${row.q}\n${row.a}`.toLowerCase().includes(text)));
    list.replaceChildren(); shown = 0;
    document.getElementById("count").textContent = String(found.length);
    show();
  };
  const options = (name, values, label) => {
    const select = filters.elements[name], was = select.value;
    select.replaceChildren(new Option(word("all"), ""), ...values.map((value) => new Option(label(value), value)));
    select.value = was;
  };
  const relabel = () => {
    options("verdict", ["wrong", "right"], word);
    for (const name of ["kind", "lang"]) options(name, [...new Set(all.map((row) => row[name]))].sort(), named);
    filter();
  };
  filters.addEventListener("input", filter);
  filters.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", show);
  document.addEventListener("spoken", relabel);
})();
