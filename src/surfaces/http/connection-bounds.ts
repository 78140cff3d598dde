/**
 * A bound on open connections under which no peer can use up what others need: when it is reached, the peer with most of
 * them gives one up, and of its connections the one that has kept a request unfinished, or been silent, for longest.
 * A connection that is being answered is never ended for another.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { IdentifyPeer } from "./peer/identify-peer.ts";

/** In the order in which they give way. */
const stages = ["receiving", "idle", "listening", "answering"] as const;
type Stage = (typeof stages)[number];

interface Connection {
  readonly socket: Socket;
  /** Its address, until more is known. */
  peer: string;
  stage: Stage;
  /** When the stage began, on the monotonic clock. */
  since: number;
}

export function boundConnections(server: Server, most: number, identify: IdentifyPeer): void {
  const open = new Map<Socket, Connection>();

  server.on("connection", (socket: Socket) => {
    if (open.size >= most && !makeRoom(open)) return void socket.destroy();
    const connection: Connection = {
      socket,
      peer: socket.remoteAddress ?? "",
      stage: "receiving",
      since: performance.now(),
    };
    open.set(socket, connection);
    socket.once("close", () => open.delete(socket));
  });

  server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const connection = open.get(incoming.socket);
    if (connection === undefined) return;
    // Not before: who only connects is not worth asking the system about.
    void identify(incoming.socket).then(({ key }) => (connection.peer = key));
    const enter = (stage: Stage): void => {
      connection.stage = stage;
      connection.since = performance.now();
    };
    if (incoming.method === "GET") enter("listening");
    // Of the first request the time that its headers took counts too.
    else if (connection.stage !== "receiving") enter("receiving");
    incoming.once("end", () => connection.stage === "receiving" && enter("answering"));
    outgoing.once("close", () => enter("idle"));
  });
}

function makeRoom(open: Map<Socket, Connection>): boolean {
  const byPeer = Map.groupBy(open.values(), ({ peer }) => peer);
  const largest = [...byPeer.values()].sort((a, b) => b.length - a.length);
  for (const connections of largest) {
    const [victim] = connections.sort(
      (a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage) || a.since - b.since,
    );
    if (victim === undefined || victim.stage === "answering") continue;
    // Gone from the table at once, though its close is told later.
    open.delete(victim.socket);
    victim.socket.destroy();
    return true;
  }
  return false;
}
