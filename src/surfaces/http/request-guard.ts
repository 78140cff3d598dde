/**
 * Decides from the headers, and from who sent them, whether a request may be answered: addressed to this server (and not to a
 * stranger's name that was made to resolve here), from no foreign web page, and with the token where one is
 * set, or else from the user who runs the server. It reads no body and calls nothing.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { isAddress, isLoopback, isWildcard, toHostName } from "./host-name.ts";
import type { Peer } from "./peer/identify-peer.ts";

export interface GuardOptions {
  /** The address listened on. */
  readonly host: string;
  readonly token?: string | undefined;
  readonly allowedHosts?: readonly string[] | undefined;
  readonly allowedOrigins?: readonly string[] | undefined;
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

export interface RequestGuard {
  /** Checks `Host` and `Origin`; `undefined` means that the request may go on. */
  refusePlace(headers: Headers): Refusal | undefined;
  /** Checks the bearer token, where one is set. */
  refuseToken(headers: Headers): Refusal | undefined;
  /** Where no token is set, lets in nobody but the user who runs the server. */
  refuseUser(peer: Pick<Peer, "isOwnUser">): Refusal | undefined;
}

export function createRequestGuard({
  host,
  token,
  allowedHosts = [],
  allowedOrigins = [],
}: GuardOptions): RequestGuard {
  const hosts = new Set([host, ...allowedHosts].map((each) => toHostName(each) ?? each.toLowerCase()));
  const origins = new Set(allowedOrigins.map((each) => each.toLowerCase().replace(/\/$/, "")));
  const expected = token === undefined ? undefined : digest(token);

  function isHere(name: string): boolean {
    return isLoopback(name) || hosts.has(name) || (isWildcard(host) && isAddress(name));
  }

  return {
    refusePlace: (headers) => {
      const addressed = headers.get("host") ?? "";
      const name = toHostName(addressed);
      if (name === undefined || !isHere(name)) {
        return {
          status: 403,
          message: "This server does not answer to that Host; name it in server.allowedHosts.",
        };
      }
      const origin = headers.get("origin")?.toLowerCase();
      if (origin === undefined || origins.has(origin) || isOwnOrigin(origin, addressed)) return undefined;
      return {
        status: 403,
        message: "This server does not answer pages of that Origin; name it in server.allowedOrigins.",
      };
    },
    refuseToken: (headers) => {
      if (expected === undefined) return undefined;
      const given = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
      if (given !== undefined && timingSafeEqual(digest(given), expected)) return undefined;
      return {
        status: 401,
        message: given === undefined ? "A bearer token is needed." : "The bearer token is wrong.",
      };
    },
    refuseUser: ({ isOwnUser }) => {
      if (expected !== undefined || isOwnUser) return undefined;
      return {
        status: 403,
        message:
          "This server answers programs of the user who runs it, and the system does not say that this is one. Set server.token to let in whoever sends it.",
      };
    },
  };
}

/** `null`, which sandboxed frames and files send, is nobody's own. */
function isOwnOrigin(origin: string, addressed: string): boolean {
  return origin === `http://${addressed.toLowerCase()}` || origin === `https://${addressed.toLowerCase()}`;
}

/** Equal lengths, so that comparing takes the same time whatever was sent. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
