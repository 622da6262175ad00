import assert from "node:assert/strict";
import { test } from "node:test";
import { IdentityError, named } from "../src/identity.ts";

const token = (claims: object): string => ["{}", JSON.stringify(claims), "x"].map((part) => Buffer.from(part).toString("base64url")).join(".");
const soon = Date.now() / 1000 + 600;

test("whom a token names, as text or from a function", async () => {
  const given = token({ sub: "客户-7", exp: soon });
  assert.deepEqual(await named(given), { token: given, sub: "客户-7" });
  assert.deepEqual(await named(async () => `${given}\n`), { token: given, sub: "客户-7" });
});

test("what names nobody is told by its own name, and why", async () => {
  const wrong: [string | (() => unknown), RegExp][] = [
    ["<!doctype html><title>404 Not Found</title>", /no JSON Web Token/], ["", /no JSON Web Token/], ["a.b.c", /no JSON Web Token/],
    [() => undefined, /no JSON Web Token/], [() => ({ token: "x" }), /no JSON Web Token/],
    [() => { throw new Error("signed out"); }, /failed: signed out\.$/], [() => Promise.reject("no"), /failed: no\.$/],
    [token({ exp: soon }), /names nobody/], [token({ sub: 7, exp: soon }), /names nobody/], [token({ sub: "7", exp: 1 }), /expired/],
  ];
  for (const [identity, why] of wrong) {
    await assert.rejects(named(identity as string), (error: Error) => error instanceof IdentityError && error.name === "IdentityError" && why.test(error.message), String(identity));
  }
});
