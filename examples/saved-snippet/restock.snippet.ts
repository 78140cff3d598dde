/**
 * @codemode snippet
 * @name low-stock
 * @version 1
 * @description Products of which fewer than the given number are left, as a table.
 * @input {"type":"object","properties":{"below":{"type":"number","description":"How many are too few."},"category":{"type":"string"}},"required":["below"],"additionalProperties":false}
 */
import { renderTable } from "codemode/std";

export default async (input: { /** How many are too few. */ below: number; category?: string }) => {
  const products = await tools.shop.list_products({ category: input.category });
  const low = products.filter(({ left }) => left < input.below);
  return renderTable(low, { columns: ["name", "left"] });
};
