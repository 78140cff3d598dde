// One server's data written to another: customers become entities of the memory server.
export default async () => {
  const { content } = await tools.files.read_text_file({ path: "customers.json" });
  const customers = JSON.parse(content) as { name: string; city: string }[];
  await tools.memory.create_entities({
    entities: customers.map(({ name, city }) => ({
      name,
      entityType: "customer",
      observations: [`lives in ${city}`],
    })),
  });
  const [found, sum] = await Promise.all([
    tools.memory.search_nodes({ query: "Boston" }),
    tools.everything.get_sum({ a: customers.length, b: 0 }),
  ]);
  console.log(sum);
  return found.entities.map((entity) => entity.name);
};
