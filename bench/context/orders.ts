/**
 * Ten thousand orders joined with their customers, page by page, as a shop's API gives them.
 */
import { deepStrictEqual } from "node:assert";
import { createDice, type Workload } from "./workload.ts";

const dice = createDice(11);
const page = 500;
const regions = ["north", "south", "east", "west"];
const customers = Array.from({ length: 1_000 }, (_, id) => ({
  id,
  name: `Customer ${id}`,
  region: regions[dice(4)] ?? "",
}));
const orders = Array.from({ length: 10_000 }, (_, id) => ({
  id,
  customer: dice(1_000),
  total: dice(50_000) / 100,
  status: dice(3) === 0 ? "open" : "closed",
}));

const totals = new Map<string, number>();
for (const { customer, total } of orders) {
  const region = customers[customer]?.region ?? "";
  totals.set(region, (totals.get(region) ?? 0) + total);
}
const expected = Object.fromEntries(
  [...totals]
    .map(([region, total]) => [region, Math.round(total)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

const input = {
  type: "object",
  properties: { page: { type: "integer", minimum: 0 } },
  required: ["page"],
} as const;
const listed = (fields: object) => ({
  type: "object",
  properties: {
    items: { type: "array", items: { type: "object", properties: fields } },
    pages: { type: "integer" },
  },
  required: ["items", "pages"],
});
const pageOf = (all: readonly unknown[], at: number): object => ({
  items: all.slice(at * page, (at + 1) * page),
  pages: Math.ceil(all.length / page),
});

export const orderJoin: Workload = {
  name: "10,000 orders joined with 1,000 customers",
  published: "none; held to Anthropic's share",
  bar: { share: 2_000 / 150_000 },
  source: "shop",
  tools: {
    list_orders: {
      description: "Lists orders, 500 a page.",
      effect: "read",
      input,
      output: listed({
        id: { type: "integer" },
        customer: { type: "integer" },
        total: { type: "number" },
        status: { type: "string" },
      }),
      run: ({ page: at }: { page: number }) => pageOf(orders, at),
    },
    list_customers: {
      description: "Lists customers, 500 a page.",
      effect: "read",
      input,
      output: listed({ id: { type: "integer" }, name: { type: "string" }, region: { type: "string" } }),
      run: ({ page: at }: { page: number }) => pageOf(customers, at),
    },
  },
  query: "list orders and customers",
  program: `const first = await Promise.all([tools.shop.list_orders({ page: 0 }), tools.shop.list_customers({ page: 0 })]);
const rest = <T>(pages: number, get: (page: number) => Promise<{ items: T[] }>) =>
  Promise.all(Array.from({ length: pages - 1 }, (_, at) => get(at + 1)));
const orders = [first[0], ...await rest(first[0].pages, (page) => tools.shop.list_orders({ page }))].flatMap((p) => p.items);
const customers = [first[1], ...await rest(first[1].pages, (page) => tools.shop.list_customers({ page }))].flatMap((p) => p.items);
const regions = new Map(customers.map((c) => [c.id, c.region ?? ""]));
const totals: Record<string, number> = {};
for (const o of orders) totals[regions.get(o.customer) ?? ""] = (totals[regions.get(o.customer) ?? ""] ?? 0) + (o.total ?? 0);
return Object.fromEntries(Object.entries(totals).map(([r, t]) => [r, Math.round(t)]).sort());`,
  calls: [
    ...Array.from({ length: orders.length / page }, (_, at) => ({ tool: "list_orders", args: { page: at } })),
    ...Array.from({ length: customers.length / page }, (_, at) => ({
      tool: "list_customers",
      args: { page: at },
    })),
  ],
  verify: (result) => deepStrictEqual(result, expected),
};
