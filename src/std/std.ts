/**
 * The module that a snippet imports as `codemode/std`: helpers of pure code, in the sandbox only when a snippet asks
 * for them. What each takes and answers is declared to the checker in `typegen/std-declarations.ts`.
 */
import { formatCsv, parseCsv } from "./csv.ts";
import { addToDate, dateDiff, dateRange, formatDate, startOf, toDate } from "./dates.ts";
import { mapLimit, paginate, retry } from "./flow.ts";
import { htmlToText } from "./html.ts";
import { queryJson } from "./query-json.ts";
import { renderTable } from "./table.ts";

export {
  addToDate,
  dateDiff,
  dateRange,
  formatCsv,
  formatDate,
  htmlToText,
  mapLimit,
  paginate,
  parseCsv,
  queryJson,
  renderTable,
  retry,
  startOf,
  toDate,
};
