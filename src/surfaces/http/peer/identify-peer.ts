/**
 * Who is at the other end of a connection, as far as bounds and the local door need it: which user where the system
 * tells it, else which address.
 */
import type { Socket } from "node:net";
import { createPeerOwners, ownUser, type PeerOwners } from "./peer-owners.ts";

export interface Peer {
  /** The same for every connection of one peer. */
  readonly key: string;
  /** The user who runs this server, as the operating system says; false where it does not say. */
  readonly isOwnUser: boolean;
}

export type IdentifyPeer = (socket: Socket) => Promise<Peer>;

/** Never rejects. */
export function createPeerIdentity(owners: PeerOwners = createPeerOwners()): IdentifyPeer {
  return async (socket) => {
    const address = socket.remoteAddress ?? "an unknown address";
    const owner = await owners.ownerOf(socket);
    return owner === undefined
      ? { key: address, isOwnUser: false }
      : { key: `user ${owner}`, isOwnUser: owner === ownUser() };
  };
}
