/**
 * The floor under every engine that keeps its guest in a process of its own: `node:vm` in a forked Node.js, one
 * line of JSON over its pipe each way per call, and no limit, check or isolation of any kind.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { wait, type Contestant } from "../contestant.ts";

const child = `
const vm = require("node:vm");
const waiting = new Map();
let seq = 0;
const call = (name, value) => new Promise((resolve) => {
  waiting.set(++seq, resolve);
  process.send({ seq, name, value });
});
process.on("message", async ({ body, seq, value }) => {
  if (body === undefined) return waiting.get(seq)(value);
  const context = { echo: (v) => call("echo", v), wait: (v) => call("wait", v) };
  const program = vm.runInNewContext("(async () => {" + body + "})", context);
  process.send({ result: await program() });
});
`;

interface Message {
  readonly seq?: number;
  readonly name?: string;
  readonly value?: unknown;
  readonly result?: unknown;
}

export const childProcess: Contestant = {
  name: "node:vm in a child process, bare",
  only: ["fresh", "call", "parallel", "large"],
  async open() {
    const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
    const forked = spawn(process.execPath, ["--eval", child], { stdio: [...stdio] });
    return {
      run: (body) => runIn(forked, body),
      async [Symbol.asyncDispose]() {
        forked.kill();
      },
    };
  },
};

function runIn(child: ChildProcess, body: string): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const listen = ({ seq, name, value, result }: Message): void => {
    if (seq === undefined) {
      child.off("message", listen);
      return resolve(result);
    }
    if (name === "echo") child.send({ seq, value });
    else void wait(Number(value)).then((waited) => child.send({ seq, value: waited }));
  };
  child.on("message", listen);
  child.send({ body });
  return promise;
}
