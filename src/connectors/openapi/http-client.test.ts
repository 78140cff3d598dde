import type { LookupAddress } from "node:dns";
import { expect, onTestFinished, test } from "vitest";
import { serve } from "../../../test/fixtures/openapi/pets.ts";
import { createHttpClient, type WireRequest } from "./http-client.ts";

function request(over: Partial<WireRequest>): WireRequest {
  return {
    method: "GET",
    origin: "http://api.example",
    target: "/",
    headers: new Map(),
    signal: AbortSignal.timeout(5_000),
    maxBytes: 1_000,
    trusted: false,
    ...over,
  };
}

/** A name server whose answer changes: public when it is asked first, loopback ever after. */
function rebinding() {
  const asked: string[] = [];
  const addresses: LookupAddress[] = [{ address: "203.0.113.1", family: 4 }];
  const client = createHttpClient({
    connections: 2,
    lookup: (hostname, options, callback) => {
      const address = asked.length === 0 ? (addresses[0]?.address ?? "") : "127.0.0.1";
      asked.push(hostname);
      if (options.all === true) callback(null, [{ address, family: 4 }]);
      else callback(null, address, 4);
    },
  });
  onTestFinished(() => client[Symbol.dispose]());
  return { client, asked };
}

test("a name that answers differently the second time gains nothing", async () => {
  const server = await serve();
  const { client, asked } = rebinding();
  const origin = `http://api.example:${server.port}`;
  for (let count = 0; count < 3; count += 1) {
    await expect(client.send(request({ origin }))).rejects.toMatchObject({
      code: "source_unavailable",
      outcome: "not_sent",
    });
  }
  expect(asked).toHaveLength(3);
  expect(server.requests).toHaveLength(0);
});

test("a host that the operator names may be anywhere", async () => {
  const server = await serve();
  const { client, asked } = rebinding();
  asked.push("asked before");
  const answer = await client.send(request({ origin: `http://api.example:${server.port}`, trusted: true }));
  expect(answer.status).toBe(200);
});

test("a connection of a trusted source is never reused for an untrusted one", async () => {
  const server = await serve();
  const client = createHttpClient({ connections: 2 });
  onTestFinished(() => client[Symbol.dispose]());
  await client.send(request({ origin: server.origin, trusted: true }));
  await expect(client.send(request({ origin: server.origin }))).rejects.toMatchObject({
    code: "source_unavailable",
  });
  expect(server.requests).toHaveLength(1);
});

test("what it is given is what is sent", async () => {
  const server = await serve();
  const client = createHttpClient({ connections: 2 });
  onTestFinished(() => client[Symbol.dispose]());
  const target = "/a%2e%2e/../b;c=%zz?x=[1]&y='";
  await client.send(
    request({
      origin: server.origin,
      target,
      method: "GET",
      trusted: true,
      headers: new Map([["x-a", "b"]]),
    }),
  );
  expect(server.last().bytes.toString()).toBe(
    `GET ${target} HTTP/1.1\r\nx-a: b\r\nHost: 127.0.0.1:${server.port}\r\nConnection: keep-alive\r\n\r\n`,
  );
});
