// Builds what the server serves, into ../web/widget: one module, the loader, the types, and a manifest with their hashes.
// The same sources give the same bytes: what is committed is compared with a fresh build by the tests.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";

const OUT = process.argv[2] ?? new URL("../web/widget/", import.meta.url).pathname;
const LIMITS = { loader: 2_000, all: 50_000 }; // bytes, gzipped; all: the loader, the module and one language
const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

// Of DOMPurify go its own lists of what is allowed: all that is allowed is named in `markdown.ts`, so that they would be dead weight.
// Without them even less passes.
const LISTS = ["html$1", "svg$1", "svgFilters", "svgDisallowed", "mathMl$1", "mathMlDisallowed", "html", "svg", "mathMl", "xml"];
const emptied = (source) => LISTS.reduce((so, name) => {
  const start = so.indexOf(`const ${name} = freeze([`), end = so.indexOf("]);", start);
  if (start < 0) throw new Error(`DOMPurify has no list ${name} any more`);
  return `${so.slice(0, start)}const ${name} = freeze([${so.slice(end)}`;
}, source);

// Sheets are minified as such; of templates the line breaks between elements go.
const slim = {
  name: "slim",
  setup(all) {
    all.onLoad({ filter: /src\/(views\/.*|chat)\.ts$/ }, ({ path }) => ({ contents: readFileSync(path, "utf8").replace(/(?<=[>}])\n\s+(?=<|\$\{)/g, ""), loader: "ts" }));
    all.onLoad({ filter: /purify\.es\.mjs$/ }, ({ path }) => ({ contents: emptied(readFileSync(path, "utf8")), loader: "js" }));
    all.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: (await transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target: "chrome120" })).code, loader: "text" }));
  },
};
const common = { bundle: true, minify: true, target: "es2022", legalComments: "none", charset: "utf8", logLevel: "warning" };
const header = `/*! Parley chat ${version}, Apache-2.0; with lit (BSD-3), marked (MIT), DOMPurify (Apache-2.0), eventsource-parser (MIT) */`;

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
await build({ ...common, entryPoints: { parley: "src/chat.ts" }, format: "esm", splitting: true, chunkNames: "texts/[name]-[hash]", plugins: [slim], banner: { js: header }, outdir: OUT });
const small = await minify(readFileSync(`${OUT}/parley.js`, "utf8"), { module: true, compress: { ecma: 2020, passes: 3, unsafe_arrows: true }, format: { ecma: 2020, comments: /^!/ } });
writeFileSync(`${OUT}/parley.js`, small.code);
await build({ ...common, entryPoints: ["src/loader.ts"], format: "iife", outfile: `${OUT}/loader.js` });
execFileSync("npx", ["tsc", "src/public.ts", "--declaration", "--emitDeclarationOnly", "--ignoreConfig", "--target", "es2022", "--lib", "es2022,dom", "--outDir", OUT], { stdio: "inherit" });

const integrity = (name) => `sha384-${createHash("sha384").update(readFileSync(`${OUT}/${name}`)).digest("base64")}`;
const digest = createHash("sha256").update(readFileSync(`${OUT}/parley.js`)).digest("hex").slice(0, 16);
const manifest = { version, file: `parley-${digest}.js`, integrity: integrity("parley.js"), loader_integrity: integrity("loader.js") };
writeFileSync(`${OUT}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);

const gzipped = (name) => gzipSync(readFileSync(`${OUT}/${name}`), { level: 9 }).length;
const language = Math.max(...readdirSync(`${OUT}/texts`).map((name) => gzipped(`texts/${name}`)));
const sizes = { loader: gzipped("loader.js"), all: gzipped("loader.js") + gzipped("parley.js") + language };
for (const [name, limit] of Object.entries(LIMITS)) {
  console.log(`${name}: ${sizes[name]} bytes gzipped, at most ${limit}`);
  if (sizes[name] > limit) process.exitCode = 1;
}
