import { describe, expect, test } from "vitest";
import { findSocketOwner } from "./find-socket-owner.ts";

const head =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

/** A row as Linux prints it on a little-endian machine. */
function row(addresses: string, state: string, uid: number, inode: number): string {
  return `   3: ${addresses} ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 0000000000000000 20 4 30 10 -1\n`;
}

const v4 = {
  local: { address: "127.0.0.1", port: 50_000 },
  remote: { address: "127.0.0.1", port: 4_000 },
};
const v6 = { local: { address: "::1", port: 50_000 }, remote: { address: "::1", port: 4_000 } };
const mapped = {
  local: { address: "::ffff:127.0.0.1", port: 50_000 },
  remote: { address: "::ffff:127.0.0.1", port: 4_000 },
};
const rows = {
  v4: "0100007F:C350 0100007F:0FA0",
  v4Server: "0100007F:0FA0 0100007F:C350",
  mapped: "0000000000000000FFFF00000100007F:C350 0000000000000000FFFF00000100007F:0FA0",
  v6: "00000000000000000000000001000000:C350 00000000000000000000000001000000:0FA0",
};

describe("the owner of the other end", () => {
  test.each([
    ["an IPv4 socket", v4, row(rows.v4, "01", 1000, 77), 1000],
    ["an IPv4 connection of an IPv6 socket", v4, row(rows.mapped, "01", 1000, 77), 1000],
    ["a connection that the server sees as mapped", mapped, row(rows.v4, "01", 1000, 77), 1000],
    ["an IPv6 socket", v6, row(rows.v6, "01", 1000, 77), 1000],
    ["root's socket", v4, row(rows.v4, "01", 0, 77), 0],
    ["a socket that has said all it will", v4, row(rows.v4, "05", 1000, 77), 1000],
    ["no row", v4, "", undefined],
    ["the server's own end", v4, row(rows.v4Server, "01", 1000, 77), undefined],
    ["another port", v4, row(rows.v4.replace("C350", "C351"), "01", 1000, 77), undefined],
    ["a socket that nobody holds, which poses as root's", v4, row(rows.v4, "01", 0, 0), undefined],
    ["a closed socket that is remembered for a while", v4, row(rows.v4, "06", 0, 0), undefined],
    ["another's attempt to open the same addresses", v4, row(rows.v4, "02", 1000, 77), undefined],
    [
      "two sockets of different users",
      v4,
      row(rows.v4, "01", 1000, 77) + row(rows.mapped, "01", 1001, 78),
      undefined,
    ],
    [
      "a living socket beside a remembered one",
      v4,
      row(rows.v4, "06", 0, 0) + row(rows.v4, "01", 1000, 77),
      1000,
    ],
  ])("by %s", (_what, addresses, table, owner) => {
    expect(findSocketOwner(head + table, addresses)).toBe(owner);
  });
});
