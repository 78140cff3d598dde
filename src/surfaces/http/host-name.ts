/**
 * Host names as HTTP headers write them, and which of them mean this machine.
 */
import { isIP, isIPv4 } from "node:net";

const hostHeader = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i;

/** The bare name of a `Host` header, lower case and without port or brackets; `undefined` when it is malformed. */
export function toHostName(header: string): string | undefined {
  const name = hostHeader.exec(header)?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  return name.startsWith("[") ? name.slice(1, -1) : name.replace(/\.$/, "");
}

export function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" || (isIPv4(name) && name.startsWith("127."));
}

/** Listening on it means listening on every address of the machine. */
export function isWildcard(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

/** A page cannot make a browser send an address as `Host` by renaming its own server, only a name. */
export function isAddress(name: string): boolean {
  return isIP(name) !== 0;
}

/** For a URL: IPv6 addresses in brackets. */
export function toUrlHost(name: string): string {
  return name.includes(":") ? `[${name}]` : name;
}
