// Bundles the tests and runs them with Node's own runner: `npm test`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const here = new URL(".", import.meta.url).pathname, out = mkdtempSync(join(tmpdir(), "parley-widget-"));
const tests = readdirSync(here).filter((name) => name.endsWith(".test.ts"));
await build({ entryPoints: tests.map((name) => join(here, name)), bundle: true, platform: "node", format: "esm", target: "es2022", outdir: out, outExtension: { ".js": ".mjs" }, external: ["node:*"], logLevel: "warning" });
const { status } = spawnSync(process.execPath, ["--test", ...tests.map((name) => join(out, name.replace(/\.ts$/, ".mjs")))], { stdio: "inherit" });
rmSync(out, { recursive: true });
process.exitCode = status ?? 1;
