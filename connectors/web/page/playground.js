// The playground: what is set here is what a site writes into its own style sheet. Light and dark looks have colours of their own.

const tools = document.getElementById("tools");
const chat = document.querySelector("parley-chat");
const code = document.getElementById("code");
const { theme: _theme, lang: _lang, ...light } = Object.fromEntries(new FormData(tools));
const dark = {
  "--parley-accent": "#6fd0c4", "--parley-on-accent": "#0c211f", "--parley-background": "#16181a",
  "--parley-surface": "#212427", "--parley-text": "#ececec",
};
const defaults = { light, dark };
const chosen = { light: { ...light }, dark: { ...dark } };

function channel(part) { const share = part / 255; return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4; }
function luminance(colour) { const [r, g, b] = colour.match(/\w\w/g).map((part) => channel(parseInt(part, 16))); return 0.2126 * r + 0.7152 * g + 0.0722 * b; }
function contrast(one, other) { const [bright, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a); return (bright + 0.05) / (dim + 0.05); }
function side() { return tools.elements.theme.value === "dark" ? "dark" : "light"; }

function take({ target }) {
  if (target.name === "theme") {
    for (const [name, value] of Object.entries(chosen[side()])) tools.elements[name].value = value;
  } else if (target.name !== "lang") {
    chosen[target.name in dark ? side() : "light"][target.name] = target.value;
  }
  show();
}

function show() {
  const theme = tools.elements.theme.value, lang = tools.elements.lang.value;
  chat.theme = theme;
  chat.setAttribute("lang", lang);
  const lines = [];
  for (const looks of ["light", "dark"]) {
    for (const [name, value] of Object.entries(chosen[looks])) {
      const property = looks === "dark" ? name.replace("--parley-", "--parley-dark-") : name;
      const set = value === defaults[looks][name] ? "" : name === "--parley-radius" ? `${value}px` : value;
      chat.style.setProperty(property, set);
      if (set) lines.push(`  ${property}: ${set};`);
    }
  }
  const sheet = lines.length ? `parley-chat {\n${lines.join("\n")}\n}\n\n` : "";
  code.textContent = `${sheet}<script async src="${location.origin}/widget/loader.js" data-theme="${theme}" data-lang="${lang}"></script>`;
  const values = chosen[side()];
  const readable = [contrast(values["--parley-accent"], values["--parley-on-accent"]), contrast(values["--parley-text"], values["--parley-surface"])];
  const least = Math.min(...readable);
  document.getElementById("contrast").textContent = `${least >= 4.5 ? "✓" : "✗"} Contrast · 对比度 ${least.toFixed(1)} : 1 (AA: 4.5)`;
}

tools.addEventListener("input", take);
document.getElementById("copy").addEventListener("click", async ({ target }) => {
  await navigator.clipboard.writeText(code.textContent);
  target.textContent = "Copied · 已复制";
  setTimeout(() => { target.textContent = "Copy · 复制"; }, 2000);
});
const spoken = navigator.language.toLowerCase();
const own = [...tools.elements.lang.options].find(({ value }) => spoken === value.toLowerCase() || spoken.split("-")[0] === value.split("-")[0]);
if (own) own.selected = true;
customElements.whenDefined("parley-chat").then(show);
