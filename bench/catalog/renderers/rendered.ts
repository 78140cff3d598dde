/** What a renderer makes of one document. */
export interface Rendered {
  /** Declarations, as one or more files. */
  readonly files: { readonly [name: string]: string };
  /** Tools or operations that are declared. */
  readonly tools: number;
  /** Milliseconds of rendering, the document already read. */
  readonly ms: number;
  /** Tokens of the budgeted form of each tool, where there is one. */
  readonly signatures?: readonly number[];
  /** Descriptions that are not in the text, where it is known. */
  readonly dropped?: number;
}
