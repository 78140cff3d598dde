/**
 * Tools as commands: what a generated program knows of each. Types alone.
 */

export interface ToolFlag {
  /** Without the dashes: `title`, `milestone.due-on`. */
  readonly name: string;
  /** Where its value goes in the arguments. */
  readonly path: readonly string[];
  /** `any` is JSON where it parses and text elsewhere. */
  readonly kind: "text" | "number" | "integer" | "boolean" | "json" | "any";
  /** May be given several times; each adds an item. */
  readonly list?: true;
  /** The only values there are. */
  readonly values?: readonly (string | number | boolean | null)[];
  readonly required?: true;
  /** One line. */
  readonly about?: string;
}

export interface ToolCommand {
  /** The words after the source's: `["issues", "create"]`. */
  readonly words: readonly string[];
  readonly path: string;
  readonly effect: string;
  readonly about: string;
  readonly flags: readonly ToolFlag[];
}

export interface SourceCommands {
  readonly word: string;
  readonly about: string;
  readonly tools: readonly ToolCommand[];
}
