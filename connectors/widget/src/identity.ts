/** Who the customer is, as the site's token says; only the server can tell whether that is true. */

import type { Identity } from "./public.ts";

/** The site's token does not name the customer: for the developer of the site. */
export class IdentityError extends Error {
  override readonly name = "IdentityError";
}

export interface Named { token: string; sub: string }

/** The token and whom it names. Throws IdentityError for what is no token, or one that has run out. */
export async function named(identity: Identity): Promise<Named> {
  let token: unknown;
  try { token = typeof identity === "function" ? await identity() : identity; } catch (error) { throw new IdentityError(`The function that gives the token failed: ${said(error)}.`, { cause: error }); }
  let sub: unknown, exp: unknown;
  try { ({ sub, exp } = JSON.parse(decoded((token as string).trim().split(".")[1]!)) as Record<string, unknown>); } catch {
    throw new IdentityError("What was given is no JSON Web Token. Where a function fetches it: does the address answer 200, with the token and nothing else?");
  }
  if (typeof sub !== "string") throw new IdentityError("The token names nobody: its claim sub is missing.");
  if (typeof exp === "number" && exp < Date.now() / 1000 - 60) throw new IdentityError("The token has expired: give a function that fetches a new one each time.");
  return { token: (token as string).trim(), sub };
}

export const said = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");

const decoded = (part: string): string => new TextDecoder().decode(Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0)));
