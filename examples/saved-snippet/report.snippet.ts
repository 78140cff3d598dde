// One saved snippet used twice in one run.
const [toys, everything] = await Promise.all([
  codemode.run("low-stock", { below: 5, category: "toys" }),
  codemode.run("low-stock", { below: 2 }),
]);
return `Toys:\n${toys}\n\nAll:\n${everything}`;
