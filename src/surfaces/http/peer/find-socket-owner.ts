/**
 * Finds in the kernel's table of TCP sockets (`/proc/net/tcp`, `/proc/net/tcp6`) who owns the other end of a
 * connection within this machine. Reads no file itself.
 */
import { isIPv4, isIPv6 } from "node:net";
import { endianness } from "node:os";

/** Seen from the end whose owner is asked for. */
export interface SocketAddresses {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
}

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** ESTABLISHED, FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT. */
const liveStates: ReadonlySet<string> = new Set(["01", "04", "05", "08"]);

/**
 * The user id of the socket's owner; `undefined` where the table does not say. A socket that nobody holds any more is
 * listed with the user id 0 and without an inode, and one that is only being opened may have taken over the addresses of
 * another: neither counts, or whoever hangs up early would pass for root.
 */
export function findSocketOwner(table: string, { local, remote }: SocketAddresses): number | undefined {
  const owners = new Set<number>();
  for (const needle of toNeedles(local, remote)) {
    for (let at = table.indexOf(needle); at !== -1; at = table.indexOf(needle, at + 1)) {
      const end = table.indexOf("\n", at);
      const row = table.slice(at + needle.length, end === -1 ? undefined : end).trim();
      const [state = "", , , , uid, , inode] = row.split(/\s+/);
      if (liveStates.has(state) && inode !== undefined && inode !== "0") owners.add(Number(uid));
    }
  }
  const [owner] = owners;
  return owners.size === 1 && Number.isSafeInteger(owner) ? owner : undefined;
}

/** How the pair is written: an IPv4 connection also as that of an IPv6 socket. */
function toNeedles(local: SocketAddress, remote: SocketAddress): string[] {
  const from = plain(local.address);
  const to = plain(remote.address);
  const written = (write: (address: string) => string): string =>
    ` ${write(from)}:${hexPort(local.port)} ${write(to)}:${hexPort(remote.port)} `;
  if (isIPv4(from) && isIPv4(to)) return [written(hexV4), written(mappedV4)];
  return isIPv6(from) && isIPv6(to) ? [written(hexV6)] : [];
}

const mapped = /^::ffff:(?=[0-9.]+$)/i;

/** An IPv4 address that an IPv6 socket tells is one of IPv4. */
function plain(address: string): string {
  return address.replace(mapped, "").replace(/%.*$/, "");
}

function hexV4(address: string): string {
  return hexWord(address.split(".").map(Number));
}

function mappedV4(address: string): string {
  return `0000000000000000${hexWord([0, 0, 0xff, 0xff])}${hexV4(address)}`;
}

function hexV6(address: string): string {
  const [head = "", tail = ""] = address.split("::");
  const groups = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(head), groups(tail)];
  const filled = [...first, ...Array<number>(Math.max(0, 8 - first.length - last.length)).fill(0), ...last];
  const bytes = filled.flatMap((group) => [group >> 8, group & 0xff]);
  return [0, 4, 8, 12].map((at) => hexWord(bytes.slice(at, at + 4))).join("");
}

/** Four bytes as the kernel prints them: as one number in the machine's own order. */
function hexWord(bytes: readonly number[]): string {
  const ordered = endianness() === "LE" ? bytes.toReversed() : bytes;
  return ordered
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
}

function hexPort(port: number): string {
  return port.toString(16).padStart(4, "0").toUpperCase();
}
