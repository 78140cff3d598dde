/**
 * The body of a request or response of a loaded worker: bytes, read once. It crosses to the host whole; streams that
 * the worker makes are read to their end first.
 */
import { unsupportedInWorker } from "./unsupported.ts";

type BodyBytes = Uint8Array | Promise<Uint8Array>;

export class WorkerBody {
  #bytes: BodyBytes | null = null;
  #used = false;

  /** Answers with the content type that follows from the body. */
  protected setBody(init: unknown): string | undefined {
    if (init === undefined || init === null) return undefined;
    if (init instanceof WorkerBody) {
      this.#bytes = init.#bytes;
      return undefined;
    }
    if (init instanceof URLSearchParams) {
      this.#bytes = new TextEncoder().encode(init.toString());
      return "application/x-www-form-urlencoded;charset=UTF-8";
    }
    if (init instanceof ArrayBuffer) {
      this.#bytes = new Uint8Array(init.slice(0));
      return undefined;
    }
    if (ArrayBuffer.isView(init)) {
      this.#bytes = new Uint8Array(init.buffer, init.byteOffset, init.byteLength).slice();
      return undefined;
    }
    if (typeof init === "object" && typeof Reflect.get(init, "getReader") === "function") {
      this.#bytes = drain(init as ReadableStream<unknown>);
      // Whoever reads it hears of a failure; until then it is nobody's.
      this.#bytes.catch(() => undefined);
      return undefined;
    }
    if (typeof init === "object" && typeof Reflect.get(init, "arrayBuffer") === "function") {
      const blob = init as Blob;
      this.#bytes = blob.arrayBuffer().then((buffer) => new Uint8Array(buffer));
      return blob.type === "" ? undefined : blob.type;
    }
    if (Object.prototype.toString.call(init) === "[object FormData]")
      throw unsupportedInWorker("A FormData body", "Send JSON or URLSearchParams.");
    this.#bytes = new TextEncoder().encode(toBodyText(init));
    return "text/plain;charset=UTF-8";
  }

  /** The bytes for the host. They count as read. */
  async takeBody(): Promise<Uint8Array | null> {
    if (this.#bytes === null) return null;
    return this.#read();
  }

  get bodyUsed(): boolean {
    return this.#used;
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#bytes === null) return null;
    const read = (): Promise<Uint8Array> => this.#read();
    return new ReadableStream({
      async pull(controller) {
        controller.enqueue(await read());
        controller.close();
      },
    });
  }

  async #read(): Promise<Uint8Array> {
    if (this.#used) throw new TypeError("The body has been read already.");
    this.#used = true;
    return (await this.#bytes) ?? new Uint8Array();
  }

  protected refuseUsed(): void {
    if (this.#used) throw new TypeError("The body has been read already.");
  }

  async bytes(): Promise<Uint8Array> {
    return (await this.#read()).slice();
  }

  async arrayBuffer(): Promise<ArrayBufferLike> {
    return (await this.bytes()).buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.#read());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  formData(): never {
    throw unsupportedInWorker("formData()", "Read text() and parse it.");
  }
}

const toBodyText: (value: unknown) => string = String;

async function drain(stream: ReadableStream<unknown>): Promise<Uint8Array> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = typeof value === "string" ? new TextEncoder().encode(value) : value;
    if (!(part instanceof Uint8Array)) throw new TypeError("A body's stream gives bytes.");
    parts.push(part);
    size += part.length;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
