/** Words that say how a wish is put and not what it is about. They do not count in a query. */
import { stemWord } from "./analyse-words.ts";

const words = `
a about above after again all also am an and any anyone are as at be because been before being both but by can
cannot could couldn did do does doing don done during each either else ever every few for from further get give
given go going got had has have having he her here hers him his how however i if in into is isn it its itself just
know let like ll look looking make many may maybe me might mine more most much must my myself need needs no nor not
now of off ok on one once only or other our ours out over own part per please provide quite rather re really same
see shall she should show so some something such sure take tell than thank thanks that the their theirs them then
there these they thing things this those through to too try under until up upon us use used using ve very via want
wants was way we well were what when where whether which while who whom whose why will wish with within without would
yes yet you your yours yourself hi hello help assist able additionally moreover furthermore finally lastly kindly
curious interested wondering planning considering`;

/** Stems, as they stand in the index. */
export const stopTerms: ReadonlySet<string> = new Set(words.trim().split(/\s+/).map(stemWord));
