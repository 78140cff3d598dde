/** How the fields of a tool count in BM25F. Chosen by measurement; the figures are in bench/search/README.md. */
import { searchFields, type SearchField } from "./tool-to-fields.ts";

interface FieldWeight {
  /** What one occurrence is worth. */
  readonly weight: number;
  /** How strongly a field longer than the average is discounted: 0 not at all, 1 in proportion. */
  readonly discount: number;
}

const byField: { readonly [field in SearchField]: FieldWeight } = {
  name: { weight: 2.5, discount: 0.4 },
  title: { weight: 2, discount: 0.4 },
  description: { weight: 1.8, discount: 0.6 },
  parameters: { weight: 1, discount: 0.7 },
  details: { weight: 0.6, discount: 0.8 },
  tags: { weight: 1.2, discount: 0.5 },
  output: { weight: 0.3, discount: 0.8 },
  source: { weight: 1.2, discount: 0.2 },
  about: { weight: 0.3, discount: 0.8 },
};

/** In the order of the fields' numbers. */
export const fieldWeights: readonly FieldWeight[] = searchFields.map((field) => byField[field]);
/** Weighted occurrences at which a word has half of its full effect. */
export const saturation = 1.2;
