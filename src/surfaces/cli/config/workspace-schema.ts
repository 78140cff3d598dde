/**
 * What `codemode.json` says of workspaces: how much the files of one may take.
 */
import * as z from "zod";
import { defaultFileLimits } from "../../../spec/files.ts";

const limit = (what: string, unit: string, fallback: number): z.ZodOptional<z.ZodInt> =>
  z.int().positive().optional().describe(`${what}, in ${unit}. Default: ${fallback}.`);

export const workspaceSchema = z.strictObject({
  files: z
    .strictObject({
      fileBytes: limit("Size of one file", "bytes", defaultFileLimits.fileBytes),
      totalBytes: limit("Size of all files of a workspace", "bytes", defaultFileLimits.totalBytes),
      files: limit("Files of a workspace", "files", defaultFileLimits.files),
      runBytes: limit("What one run may write to files", "bytes", defaultFileLimits.runBytes),
    })
    .optional()
    .describe("Limits of the files that runs share."),
});
