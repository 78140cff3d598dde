/**
 * Keeps requests away from addresses that only look like the internet: loopback, private and link-local
 * networks, cloud metadata. Checked on the address that the connection is then made to, so that a name that
 * resolves differently the second time gains nothing.
 */
import { CallError } from "../../call-error.ts";
import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { BlockList, isIP, isIPv6 } from "node:net";
import type { CodemodeError } from "../../errors.ts";

/** IANA special-purpose address registries; `true` also for what is no address. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "").split("%")[0] ?? "";
  if (isIP(bare) === 0) return true;
  return isIPv6(bare) ? reserved6.check(bare, "ipv6") : reserved4.check(bare, "ipv4");
}

// Two lists, since one would take every IPv4 address for its form in IPv6.
const reserved4 = new BlockList();
const reserved6 = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  reserved4.addSubnet(network, prefix, "ipv4");
}
// All of IPv6 but the global unicast addresses, and of those the ones that stand for IPv4 or nobody.
for (const [network, prefix] of [
  ["::", 3],
  ["4000::", 2],
  ["8000::", 1],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  reserved6.addSubnet(network, prefix, "ipv6");
}

export type Lookup = (
  hostname: string,
  options: LookupOptions,
  callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/** A `lookup` for sockets that fails when any address of the name is private. */
export function createGuardedLookup(lookup: Lookup = systemLookup): Lookup {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses = Array.isArray(found) ? found : [{ address: found, family: isIPv6(found) ? 6 : 4 }];
      const inside = addresses.find(({ address }) => isPrivateAddress(address));
      if (inside !== undefined) return callback(privateAddress(hostname), []);
      if (options.all === true) return callback(null, addresses);
      const [first] = addresses;
      if (first === undefined) return callback(new Error(`${hostname} has no address`), []);
      callback(null, first.address, first.family);
    });
  };
}

const systemLookup: Lookup = (hostname, options, callback) => dnsLookup(hostname, options, callback);

/** Sockets do not look up what is an address already. Throws `source_unavailable`. */
export function refusePrivateHost(hostname: string): void {
  const bare = hostname.replace(/^\[|\]$/g, "");
  if (isIP(bare) !== 0 && isPrivateAddress(bare)) throw privateAddress(hostname);
}

function privateAddress(hostname: string): CodemodeError {
  return new CallError(
    "source_unavailable",
    `"${hostname}" is a private address, which only the operator may name.`,
    {
      hint: "Set baseUrl to this host if it is meant.",
      outcome: "not_sent",
    },
  );
}
