import type { LookupAddress } from "node:dns";
import { describe, expect, test } from "vitest";
import { createGuardedLookup, isPrivateAddress, type Lookup, refusePrivateHost } from "./guard-address.ts";

test.each([
  ["127.0.0.1", true],
  ["127.255.255.255", true],
  ["128.0.0.1", false],
  ["10.1.2.3", true],
  ["11.0.0.1", false],
  ["172.15.255.255", false],
  ["172.16.0.1", true],
  ["172.31.255.255", true],
  ["172.32.0.1", false],
  ["192.168.1.1", true],
  ["192.167.1.1", false],
  ["169.254.169.254", true],
  ["169.253.1.1", false],
  ["100.64.0.1", true],
  ["100.128.0.1", false],
  ["0.0.0.0", true],
  ["224.0.0.1", true],
  ["255.255.255.255", true],
  ["8.8.8.8", false],
  ["::1", true],
  ["::", true],
  ["[::1]", true],
  ["::ffff:127.0.0.1", true],
  ["::ffff:8.8.8.8", true],
  ["64:ff9b::7f00:1", true],
  ["fe80::1%eth0", true],
  ["fc00::1", true],
  ["fd12:3456::1", true],
  ["ff02::1", true],
  ["2002:7f00:1::", true],
  ["2001:db8::1", true],
  ["2606:4700:4700::1111", false],
  ["2a00:1450::1", false],
  ["example.com", true],
  ["", true],
])("isPrivateAddress(%j) is %s", (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});

describe("a guarded lookup", () => {
  const answering =
    (...addresses: LookupAddress[]): Lookup =>
    (_hostname, _options, callback) =>
      callback(null, addresses);

  const look = (lookup: Lookup, all: boolean) =>
    new Promise((resolve, reject) => {
      createGuardedLookup(lookup)("api.example", { all }, (error, address, family) =>
        error === null ? resolve(all ? address : [address, family]) : reject(error),
      );
    });

  const outside = { address: "8.8.8.8", family: 4 };

  test("lets public addresses pass, in either form of asking", async () => {
    expect(await look(answering(outside), true)).toEqual([outside]);
    expect(await look(answering(outside), false)).toEqual(["8.8.8.8", 4]);
  });

  test("refuses a name as soon as one of its addresses is inside", async () => {
    const mixed = answering(outside, { address: "10.0.0.1", family: 4 });
    await expect(look(mixed, true)).rejects.toMatchObject({
      code: "source_unavailable",
      outcome: "not_sent",
    });
    await expect(look(answering(), false)).rejects.toThrow(/no address/);
  });
});

test("an address in place of a name is looked at as well", () => {
  expect(() => refusePrivateHost("[::1]")).toThrow(/private address/);
  expect(() => refusePrivateHost("169.254.169.254")).toThrow(/private address/);
  expect(() => refusePrivateHost("8.8.8.8")).not.toThrow();
  expect(() => refusePrivateHost("api.example")).not.toThrow();
});
