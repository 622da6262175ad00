// The playground: what is set here is what a site writes into its own style sheet.

const tools = document.getElementById("tools");
const chat = document.querySelector("parley-chat");
const code = document.getElementById("code");
const defaults = Object.fromEntries(new FormData(tools));

function channel(part) { const share = part / 255; return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4; }
function luminance(colour) { const [r, g, b] = colour.match(/\w\w/g).map((part) => channel(parseInt(part, 16))); return 0.2126 * r + 0.7152 * g + 0.0722 * b; }
function contrast(one, other) { const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a); return (light + 0.05) / (dark + 0.05); }

function show() {
  const values = Object.fromEntries(new FormData(tools));
  const { theme, lang, ...looks } = values;
  chat.theme = theme;
  chat.setAttribute("lang", lang);
  const dark = theme === "dark";
  const lines = [];
  for (const [name, value] of Object.entries(looks)) {
    const property = dark && name !== "--parley-radius" ? name.replace("--parley-", "--parley-dark-") : name;
    const set = value === defaults[name] ? "" : name === "--parley-radius" ? `${value}px` : value;
    chat.style.setProperty(property, set);
    if (set) lines.push(`  ${property}: ${set};`);
  }
  const sheet = lines.length ? `parley-chat {\n${lines.join("\n")}\n}\n\n` : "";
  code.textContent = `${sheet}<script async src="${location.origin}/widget/loader.js" data-theme="${theme}" data-lang="${lang}"></script>`;
  const readable = [contrast(values["--parley-accent"], values["--parley-on-accent"]), contrast(values["--parley-text"], values["--parley-surface"])];
  const least = Math.min(...readable);
  document.getElementById("contrast").textContent = `${least >= 4.5 ? "✓" : "✗"} Contrast · 对比度 ${least.toFixed(1)} : 1 (AA: 4.5)`;
}

tools.addEventListener("input", show);
document.getElementById("copy").addEventListener("click", async ({ target }) => {
  await navigator.clipboard.writeText(code.textContent);
  target.textContent = "Copied · 已复制";
  setTimeout(() => { target.textContent = "Copy · 复制"; }, 2000);
});
const spoken = navigator.language.toLowerCase();
const own = [...tools.elements.lang.options].find(({ value }) => spoken === value.toLowerCase() || spoken.split("-")[0] === value.split("-")[0]);
if (own) own.selected = true;
customElements.whenDefined("parley-chat").then(show);
