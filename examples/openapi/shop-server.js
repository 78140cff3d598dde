/**
 * The shop behind shop.openapi.yaml: `SHOP_KEY=… node shop-server.js [port]`. It answers those who know the key and
 * prints what it was asked, so that you see what a snippet sends, and that the key never comes from it.
 */
import { createServer } from "node:http";

const key = process.env.SHOP_KEY ?? "";
if (key === "") throw new Error("SHOP_KEY is the key that callers have to send.");

const cities = ["Bergen", "Lyon", "Kyoto"];
const customers = new Map(
  Array.from({ length: 12 }, (_, at) => [
    `c${at}`,
    { id: `c${at}`, name: `Customer ${at}`, city: cities[at % 3] },
  ]),
);
const orders = Array.from({ length: 240 }, (_, at) => ({
  id: `o${at}`,
  customer: `c${(at * 7) % 12}`,
  status: ["paid", "open", "paid", "cancelled"][at % 4],
  cents: ((at * 37) % 90) * 100 + 500,
  notes: [],
}));
const pageSize = 50;

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://shop");
  const body = await Array.fromAsync(request).then((parts) => Buffer.concat(parts).toString());
  console.log(`${request.method} ${request.url}`);
  const answer = (status, value) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
  if (request.headers["x-shop-key"] !== key) return answer(401, { message: "Who are you?" });
  const [, kind, id, part] = url.pathname.split("/").map(decodeURIComponent);
  if (kind === "orders" && id === undefined) return answer(200, listOrders(url.searchParams));
  if (kind === "customers" && customers.has(id)) return answer(200, customers.get(id));
  const order = orders.find((each) => each.id === id);
  if (kind === "orders" && part === "notes" && request.method === "POST" && order !== undefined) {
    order.notes.push(JSON.parse(body).text);
    return answer(201, order);
  }
  return answer(404, { message: `There is no ${kind} "${id}".` });
});

server.listen(Number(process.argv[2] ?? 4100), "127.0.0.1", () => {
  console.log(`The shop listens on http://127.0.0.1:${server.address().port}`);
});

function listOrders(query) {
  const page = Number(query.get("page") ?? 1);
  const found = orders.filter(({ status }) => status === (query.get("status") ?? status));
  const next = page * pageSize < found.length ? { next: page + 1 } : {};
  return { orders: found.slice((page - 1) * pageSize, page * pageSize), ...next };
}
