// A sheet of 10,000 rows, filtered and summed where it is read: what leaves is one line for each region.
import { parseCsv, renderTable } from "codemode/std";

const sheet = parseCsv(await tools.sheets.read_sheet({ name: "orders" }));

const totals = new Map<string, { orders: number; revenue: number }>();
for (const { region = "", status, units, price } of sheet) {
  if (status !== "paid") continue;
  const total = totals.get(region) ?? { orders: 0, revenue: 0 };
  total.orders += 1;
  total.revenue += Number(units) * Number(price);
  totals.set(region, total);
}

const rows = [...totals]
  .map(([region, { orders, revenue }]) => ({ region, orders, revenue: Math.round(revenue * 100) / 100 }))
  .sort((a, b) => b.revenue - a.revenue);
return `${sheet.length} rows read, paid orders by region:\n${renderTable(rows)}`;
