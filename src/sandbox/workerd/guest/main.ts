/**
 * The main module of every run's isolate: takes the host's WebSocket and hands its messages to the harness,
 * which the runtime calls with one macrotask each.
 */
import { createHarness } from "../../bridge/guest/harness.ts";

// Taken before the harness replaces it.
const setTimer = setTimeout;

export default {
  fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const harness = createHarness({
      send: (message) => server.send(message),
      importSnippet: () => import("snippet.js"),
      macrotask: (task) => void setTimer(task, 0),
    });
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      harness.rejected(event.reason);
    });
    server.accept();
    server.addEventListener("message", (event) => harness.receive(event.data));
    return new Response(null, { status: 101, webSocket: client });
  },
};
