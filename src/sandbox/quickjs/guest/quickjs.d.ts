/** What the process around the machine gives it (`child/host-functions.ts`), until the harness takes it away. */
interface HostFunctions {
  send(message: string): void;
  parseUrl(text: string, base: string | undefined): string | undefined;
  changeUrl(href: string, part: string, value: string): string | undefined;
  parseQuery(text: string): string;
  writeQuery(pairs: string): string;
  digest(name: string, bytes: ArrayBuffer): ArrayBuffer;
}

declare var host: HostFunctions;
