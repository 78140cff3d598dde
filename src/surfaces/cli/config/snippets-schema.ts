/**
 * What `codemode.json` says of saved snippets, and of the packages that snippets may import.
 */
import * as z from "zod";
import { proposePolicies } from "../../../spec/snippets.ts";

export const snippetsSchema = z.strictObject({
  propose: z
    .enum(proposePolicies)
    .optional()
    .describe(
      "What becomes of a snippet that a model proposes to save: a person is to `ask`, or it is to `allow` or `deny`. Default: ask.",
    ),
  expose: z
    .array(z.enum(["tools", "prompts"]))
    .optional()
    .describe(
      "Offer saved snippets to MCP clients as tools (`snippet_<name>`) or prompts of their own. Default: neither.",
    ),
});

export const modulesSchema = z
  .array(
    z.string().regex(/^(?:@[\w-][\w.-]*\/)?[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/, {
      error: "must be the name of a package",
    }),
  )
  .optional()
  .describe(
    'npm packages of pure code, installed beside this file, that snippets may import: ["lodash-es"]. They are bundled at start, and nothing is fetched.',
  );
