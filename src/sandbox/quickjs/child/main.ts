/**
 * The program of a QuickJS sandbox process: keeps one fresh machine ready, gives it the program and the messages
 * that come through the pipe, and replaces it when the host says that the run is over. Has no import of ours but
 * those that are linked into it, and reads nothing but its own folder.
 */
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import * as variantPackage from "@jitl/quickjs-ng-wasmfile-release-sync";
import { newVariant, type QuickJSSyncVariant } from "quickjs-emscripten-core";
import { createMachine, type Machine, type MachineLimits, type MachineProgram } from "./machine.ts";
import { createFrameReader, writeFrame, type FrameKind } from "./pipe-frames.ts";

/** Pages of 64 KiB: what the engine's module asks for, and from where on a machine's memory is given back at once. */
const leastPages = 256;
const collectPages = 768;

/** Megabytes that the machine's whole memory may have. */
const memoryMb = Number(process.argv[2]);
const pipe = new Socket({ fd: 3, readable: true, writable: true });
const wasmModule = await WebAssembly.compile(readFileSync("emscripten-module.wasm"));
const harness = readFileSync("harness.js", "utf8");
let memory = freshMemory();
let machine = await prepare();

pipe.on(
  "data",
  createFrameReader({
    maxBytes: () => 2 ** 31,
    onFrame: (kind, payload) => take(kind, payload.toString("utf8")),
    onViolation: (reason) => {
      throw new Error(reason);
    },
  }),
);
pipe.on("close", () => process.exit());
pipe.write(writeFrame("ready", ""));

/** The package's types are those of its CommonJS form. */
function findVariant(exports: object): QuickJSSyncVariant {
  const found: unknown = Reflect.get(exports, "default");
  if (!isSyncVariant(found)) throw new Error("The QuickJS package exports something else.");
  return found;
}

function isSyncVariant(value: unknown): value is QuickJSSyncVariant {
  return typeof value === "object" && value !== null && Reflect.get(value, "type") === "sync";
}

function freshMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: leastPages, maximum: Math.max(leastPages, memoryMb * 16) });
}

function prepare(): Promise<Machine> {
  return createMachine({
    variant: newVariant(findVariant(variantPackage), { wasmModule, wasmMemory: memory }),
    harness,
    send: (message) => void pipe.write(writeFrame("message", message)),
  });
}

function take(kind: FrameKind, text: string): void {
  switch (kind) {
    case "program": {
      const { limits, ...program }: MachineProgram & { limits: MachineLimits } = JSON.parse(text);
      const problem = machine.load(program, limits);
      if (problem !== undefined) pipe.write(writeFrame("refused", problem));
      return;
    }
    case "message":
      return machine.receive(text);
    case "renew":
      return void renew();
    default:
      throw new Error(`The host sent a ${kind} frame.`);
  }
}

/** Nothing comes from the host until it has had the answer. */
async function renew(): Promise<void> {
  const isLarge = memory.buffer.byteLength > collectPages * 2 ** 16;
  memory = freshMemory();
  machine = await prepare();
  if (isLarge) globalThis.gc?.();
  pipe.write(writeFrame("ready", ""));
}
