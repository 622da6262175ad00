"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const words = read("words"), all = read("data"), page = 50;
  const filters = document.getElementById("filters"), list = document.getElementById("cases"), more = document.getElementById("more");
  const selects = [...filters.querySelectorAll("select")];
  let found = all, shown = 0;
  const word = (name) => words[name][document.documentElement.lang === "zh" ? 1 : 0];
  const named = (name) => (Object.hasOwn(words, name) ? word(name) : name);
  // A case may have several values of what it is filtered by.
  const valuesOf = (row, name) => [row[name]].flat();
  const saidIn = (row) => (row.trace ?? []).map((pair) => pair[1]).join("\n");
  // Text goes in by textContent alone: what cases hold is never markup.
  const made = (tag, text, under) => { const one = document.createElement(tag); one.textContent = text; if (under) under.append(one); return one; };
  const open = (details, row) => {
    if (details.querySelector("dl, p")) return;
    if (row.a !== undefined) made("p", row.a, details).className = "answer";
    if (!row.trace) { made("p", word("untraced"), details); return; }
    const pairs = made("dl", "", details);
    for (const [name, text, note] of row.trace) { made("dt", note ? `${word(name)} ${note}` : word(name), pairs); made("dd", text, pairs); }
  };
  const show = () => {
    for (const row of found.slice(shown, shown + page)) {
      const details = made("details", "", list);
      if (row.verdict) details.className = row.verdict;
      made("summary", [row.q, ...row.marks.map(named), row.id].join(" · "), details);
      details.addEventListener("toggle", () => open(details, row));
    }
    shown = Math.min(found.length, shown + page);
    more.hidden = shown >= found.length;
  };
  const filter = () => {
    const text = filters.elements.text.value.toLowerCase();
    found = all.filter((row) => selects.every((one) => !one.value || valuesOf(row, one.name).includes(one.value))
      && (!text || [row.id, row.q, row.a ?? saidIn(row)].join("\n").toLowerCase().includes(text)));
    list.replaceChildren(); shown = 0;
    document.getElementById("count").textContent = String(found.length);
    show();
  };
  const relabel = () => {
    for (const select of selects) {
      const was = select.value, values = [...new Set(all.flatMap((row) => valuesOf(row, select.name)))].filter(Boolean).sort();
      select.replaceChildren(new Option(word("all"), ""), ...values.map((value) => new Option(named(value), value)));
      select.value = was;
      select.parentElement.hidden = all.every((row) => valuesOf(row, select.name).join() === (values[0] ?? ""));
    }
    filter();
  };
  filters.addEventListener("input", filter);
  filters.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", show);
  document.addEventListener("spoken", relabel);
})();
