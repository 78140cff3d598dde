/**
 * Reads one frame of the guest from hostile bytes: size by kind, then depth and number of values, then
 * `JSON.parse`, then the shape. Order and state are `host-session.ts`.
 */
import { errorCodes, type ErrorCode } from "../../errors.ts";
import type { GuestCall, GuestError, LogLevel } from "../../spec/engine.ts";
import type { Limits } from "../../spec/limits.ts";
import type { Value } from "../../spec/value.ts";
import { BridgeViolation } from "./bridge-violation.ts";
import { MalformedValue, mayHoldTags, reviveValue } from "./decode-value.ts";
import { envelopeBytes, errorBytes, maxPathChars, maxPathSteps, type GuestFrame } from "./protocol.ts";
import { scanJson } from "./scan-json.ts";
import { maxNodes } from "./value-limits.ts";

/** What the scan counts of one value at most: `{"$":["date",0]},` has two brackets and two commas. */
const bracketsPerNode = 4;

/** Throws `BridgeViolation` for anything that the harness would not have written. */
export function parseGuestFrame(bytes: Buffer, limits: Limits): GuestFrame {
  if (bytes.length > byteLimit(bytes, limits))
    throw new BridgeViolation("a frame is larger than its kind may be");
  const shape = scanJson(bytes, { depth: limits.depth * 4 + 8, nodes: maxNodes * bracketsPerNode + 100 });
  if (shape === undefined) throw new BridgeViolation("a frame nests too deep or holds too many values");
  const text = bytes.toString("utf8");
  const frame = parseJson(text);
  if (!Array.isArray(frame)) throw new BridgeViolation("a frame is not a list");
  const revive = mayHoldTags(text) || shape.depth > limits.depth ? limits.depth : undefined;
  return readFrame(frame, bytes.length, revive);
}

const callPrefix = Buffer.from('["call",');
const resultPrefix = Buffer.from('["result",');
const logPrefix = Buffer.from('["log",');
const errorPrefix = Buffer.from('["error",');

function byteLimit(bytes: Buffer, limits: Limits): number {
  if (startsWith(bytes, callPrefix)) return limits.argumentBytes + envelopeBytes;
  if (startsWith(bytes, resultPrefix)) return limits.resultBytes + envelopeBytes;
  if (startsWith(bytes, logPrefix)) return limits.logBytes * 6 + envelopeBytes;
  return startsWith(bytes, errorPrefix) ? errorBytes + envelopeBytes : envelopeBytes;
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length >= prefix.length && prefix.compare(bytes, 0, prefix.length) === 0;
}

function parseJson(text: string): Value {
  try {
    return JSON.parse(text);
  } catch {
    throw new BridgeViolation("a frame is not JSON");
  }
}

function readFrame(frame: readonly Value[], bytes: number, revive: number | undefined): GuestFrame {
  const [kind, first, second] = frame;
  switch (kind) {
    case "call":
      expectLength(frame, 6);
      return { kind, call: readCall(frame, revive), bytes };
    case "log":
      expectLength(frame, 3);
      return { kind, line: { level: readLevel(first), text: readText(second) } };
    case "idle":
      expectLength(frame, 3);
      return { kind, ping: readCount(first), issued: readCount(second) };
    case "result":
      return { kind, value: readValue(first, revive), ...readReleased(frame) };
    case "error":
      return { kind, error: readError(first, revive), ...readReleased(frame) };
    default:
      throw new BridgeViolation("a frame is of no known kind");
  }
}

function expectLength(frame: readonly Value[], length: number): void {
  if (frame.length !== length) throw new BridgeViolation("a frame has too few or too many parts");
}

/** The last frame of a guest says how many deliveries it had taken up; a guest may leave it out. */
function readReleased(frame: readonly Value[]): { readonly released?: number } {
  if (frame.length === 2) return {};
  expectLength(frame, 3);
  return { released: readCount(frame[2]) };
}

function readCall(frame: readonly Value[], revive: number | undefined): GuestCall {
  const [, seq, kind, path, args, line] = frame;
  if (!Array.isArray(args)) throw new BridgeViolation("a call's arguments are not a list");
  const call: GuestCall = {
    seq: readCount(seq),
    kind: readKind(kind),
    path: readPath(path),
    args: args.map((argument) => readValue(argument, revive)),
  };
  checkPath(call);
  return line === null ? call : { ...call, line: readCount(line) };
}

function readKind(parsed: Value): GuestCall["kind"] {
  if (parsed === "tool" || parsed === "builtin" || parsed === "timer") return parsed;
  throw new BridgeViolation("a call is of no known kind");
}

function checkPath(call: GuestCall): void {
  const timer = call.kind === "timer";
  if (timer !== (call.path.length === 0)) throw new BridgeViolation("a call's path does not fit its kind");
  if (timer && (call.args.length !== 1 || !isDelay(call.args[0]))) {
    throw new BridgeViolation("a timer's delay is not a number of milliseconds");
  }
}

function isDelay(value: Value): boolean {
  return typeof value === "number" && value >= 0 && value <= 2 ** 31;
}

function readPath(path: Value): string[] {
  if (!Array.isArray(path) || path.length > maxPathSteps)
    throw new BridgeViolation("a call's path is no path");
  let chars = 0;
  return path.map((step) => {
    if (typeof step !== "string") throw new BridgeViolation("a call's path is no path");
    chars += step.length;
    if (chars > maxPathChars) throw new BridgeViolation("a call's path is too long");
    return step;
  });
}

function readValue(parsed: Value, revive: number | undefined): Value {
  if (revive === undefined) return parsed;
  try {
    return reviveValue(parsed, revive);
  } catch (thrown) {
    if (thrown instanceof MalformedValue)
      throw new BridgeViolation(`a value is malformed: ${thrown.message}`);
    throw thrown;
  }
}

const maxOwnCode = 200;
const levels: readonly LogLevel[] = ["debug", "log", "info", "warn", "error"];

function readLevel(parsed: Value): LogLevel {
  const level = levels.find((candidate) => candidate === parsed);
  if (level === undefined) throw new BridgeViolation("a log line has no known level");
  return level;
}

function readText(parsed: Value): string {
  if (typeof parsed !== "string") throw new BridgeViolation("a text is no text");
  return parsed;
}

function readCount(parsed: Value): number {
  if (typeof parsed !== "number" || !Number.isSafeInteger(parsed) || parsed < 0) {
    throw new BridgeViolation("a number is not a count");
  }
  return parsed;
}

function readError(parsed: Value, revive: number | undefined): GuestError {
  if (!isRecord(parsed)) throw new BridgeViolation("an error is no record");
  const field = (name: string): Value => (Object.hasOwn(parsed, name) ? parsed[name] : undefined);
  const code = readText(field("code"));
  const isKnown = isErrorCode(code);
  const message = readText(field("message"));
  return {
    code: isKnown ? code : "snippet_threw",
    // A code that is none of ours is the program's own word, and part of what it says.
    message: isKnown || code === "" ? message : `${code.slice(0, maxOwnCode)}: ${message}`,
    ...(field("hint") !== undefined && { hint: readText(field("hint")) }),
    ...(field("line") !== undefined && { line: readCount(field("line")) }),
    ...(field("column") !== undefined && { column: readCount(field("column")) }),
    ...(field("data") !== undefined && { data: readValue(field("data"), revive) }),
  };
}

function isRecord(parsed: Value): parsed is { [key: string]: Value } {
  return parsed !== null && typeof parsed === "object" && !Array.isArray(parsed);
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}
