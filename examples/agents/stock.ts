/** What the examples share: a warehouse of a few functions, and the two tools over it. */
import { createCodemode, createFunctionsSource, createWorkerdEngine } from "codemode";
import { createAgentTools } from "codemode/agents";
import * as z from "zod";

const shelves = { kites: 4, lamps: 11, chairs: 2 };

const stock = createFunctionsSource("stock", {
  listItems: {
    description: "Names of everything in the warehouse.",
    effect: "read",
    input: z.object({}),
    run: () => Object.keys(shelves),
  },
  count: {
    description: "How many there are of one item.",
    effect: "read",
    input: z.object({ item: z.enum(["kites", "lamps", "chairs"]) }),
    output: z.object({ item: z.string(), left: z.number() }),
    run: ({ item }) => ({ item, left: shelves[item] }),
  },
});

export const codemode = createCodemode({ sources: [stock], engine: createWorkerdEngine() });
export const agent = await createAgentTools(codemode);
export const question = "Which items are nearly gone?";
