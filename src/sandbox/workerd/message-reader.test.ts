import { expect, test } from "vitest";
import fc from "fast-check";
import { createMessageReader } from "./message-reader.ts";
import { writeTextFrame } from "./websocket-frames.ts";

function read(chunks: Iterable<Buffer>, maxMessageBytes = 200_000) {
  const messages: string[] = [];
  const events: string[] = [];
  const take = createMessageReader({
    maxMessageBytes,
    onMessage: (message) => void messages.push(message.toString()),
    onViolation: (reason) => void events.push(reason),
    onClosed: () => void events.push("closed"),
  });
  for (const chunk of chunks) take(chunk);
  return { messages, events };
}

/** As a server sends it: without the mask. */
function serverFrame(text: string): Buffer {
  const frame = writeTextFrame(text);
  const header = Buffer.byteLength(text) < 126 ? 2 : Buffer.byteLength(text) < 65_536 ? 4 : 10;
  const unmasked = Buffer.concat([frame.subarray(0, header), frame.subarray(header + 4)]);
  unmasked.writeUInt8(unmasked.readUInt8(1) & 0x7f, 1);
  return unmasked;
}

test("messages come whole, wherever the chunks were cut", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.integer({ min: 100, max: 70_000 }).map((n) => "x".repeat(n)),
  );
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1 }),
      (texts, cuts) => {
        const bytes = Buffer.concat(texts.map(serverFrame));
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const end = at + (cuts[turn % cuts.length] ?? 1);
          chunks.push(bytes.subarray(at, end));
          at = end;
        }
        const wellFormed = texts.map((each) => Buffer.from(each).toString());
        expect(read(chunks)).toEqual({ messages: wellFormed, events: [] });
      },
    ),
    { numRuns: 60 },
  );
});

test("a message at the limit passes, one byte more is refused before its bytes are there", () => {
  const frame = serverFrame("x".repeat(1_000));
  expect(read([frame], 1_000)).toEqual({ messages: ["x".repeat(1_000)], events: [] });
  expect(read([frame.subarray(0, 4)], 999)).toEqual({
    messages: [],
    events: ["a message is larger than 999 bytes"],
  });
  const huge = Buffer.from([0x81, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
  expect(read([huge]).events).toHaveLength(1);
});

test.each([
  ["binary", [0x82, 1, 65]],
  ["a fragment", [0x01, 1, 65]],
  ["a continuation", [0x80, 1, 65]],
  ["reserved bits", [0xc1, 1, 65]],
  ["a mask", [0x81, 0x81, 0, 0, 0, 0, 65]],
  ["a ping", [0x89, 0]],
])("%s breaks the session, and nothing after it counts", (_name, bytes) => {
  expect(read([Buffer.from(bytes), serverFrame("late")])).toEqual({
    messages: [],
    events: ["a message is not one whole text frame"],
  });
});

test("a close ends it once", () => {
  expect(read([Buffer.from([0x88, 0]), Buffer.from([0x88, 0])]).events).toEqual(["closed"]);
});

test("arbitrary bytes never throw", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array(), { maxLength: 8 }),
      (chunks) => void read(chunks.map((each) => Buffer.from(each))),
    ),
  );
});
