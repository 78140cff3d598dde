/**
 * Asks the operating system which user is at the other end of a connection within this machine, once per connection.
 * Linux tells it in its table of sockets; where nothing is told the answer is `undefined`, never a guess. What follows
 * from it is decided elsewhere.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { findSocketOwner, type SocketAddresses } from "./find-socket-owner.ts";

export interface PeerOwners {
  /** The user id at the other end; `undefined` where the system does not say. Never rejects. */
  ownerOf(socket: Socket): Promise<number | undefined>;
}

/** A table that changes while it is read may leave a row out. */
const attempts = 4;
const pauseMs = 5;
const tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];

export function createPeerOwners(): PeerOwners {
  const known = new WeakMap<Socket, Promise<number | undefined>>();
  const read = sharedReading(readTables);

  async function find(addresses: SocketAddresses | undefined): Promise<number | undefined> {
    if (addresses === undefined || process.platform !== "linux") return undefined;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (attempt > 0) await delay(pauseMs);
      const text = await read();
      if (text === undefined) return undefined;
      const owner = findSocketOwner(text, addresses);
      if (owner !== undefined) return (await mayBeAnybody(owner)) ? undefined : owner;
    }
    return undefined;
  }

  return {
    ownerOf: (socket) => {
      const owner = known.get(socket) ?? find(toPeerAddresses(socket));
      known.set(socket, owner);
      return owner;
    },
  };
}

/** The user this process acts as; `undefined` where there are no user ids. */
export function ownUser(): number | undefined {
  return process.geteuid?.();
}

/** Found by trying: whether this machine tells the owner of a connection on this loopback address. */
export async function tellsOwners(host: string): Promise<boolean> {
  const server = createServer();
  const accepted = once(server, "connection");
  try {
    await once(server.listen({ host, port: 0 }), "listening");
    const client = connect({ host, port: (server.address() as AddressInfo).port });
    client.on("error", () => undefined);
    const [socket] = (await accepted) as [Socket];
    const owner = await createPeerOwners().ownerOf(socket);
    client.destroy();
    socket.destroy();
    return owner !== undefined && owner === ownUser();
  } catch {
    accepted.catch(() => undefined);
    return false;
  } finally {
    server.close();
  }
}

function toPeerAddresses(socket: Socket): SocketAddresses | undefined {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  if (localAddress === undefined || localPort === undefined) return undefined;
  return {
    local: { address: remoteAddress, port: remotePort },
    remote: { address: localAddress, port: localPort },
  };
}

async function readTables(): Promise<string | undefined> {
  const texts = await Promise.allSettled(tables.map((table) => readFile(table, "latin1")));
  const read = texts.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  return read.length === 0 ? undefined : read.join("");
}

/**
 * However many ask at once, one reading at a time; who asks while one is under way waits for the next, since the row of a
 * connection made meanwhile may not be in this one.
 */
function sharedReading<T>(read: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    const reading = read().finally(() => {
      if (current === reading) current = undefined;
    });
    current = reading;
    return reading;
  };
  return () => {
    if (current === undefined) return begin();
    next ??= current.then(() => {
      next = undefined;
      return begin();
    });
    return next;
  };
}

/** Within a user namespace every user that has no number there is shown as one and the same. */
async function mayBeAnybody(owner: number): Promise<boolean> {
  const [shown, map] = await Promise.all([
    readFile("/proc/sys/kernel/overflowuid", "utf8").catch(() => "65534"),
    readFile("/proc/self/uid_map", "utf8").catch(() => ""),
  ]);
  return owner === Number(shown) && !/^\s*0\s+0\s+4294967295\s*$/.test(map);
}
