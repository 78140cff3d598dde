/**
 * How much a word tells about what is wanted, apart from how rare it is among the tools: words that shape a
 * sentence tell nothing, words of any request little, general words less than others. A small catalog
 * cannot know this by itself: there, "interesting" may be rarer than "issue".
 */
import { stemWord } from "./stem-word.ts";

const shaping = `
a about above after again all also am an and any anyone are as at be because been before being both but by can
cannot could couldn did does doing don done during each either else ever every few for from further given
going got had has have having he her here hers him his how however i if in into is isn it its itself just
know let like ll looking many may maybe me might mine more most much must my myself need needs no nor not
now of off ok on once only or other our ours out over own part per please provide quite rather re really same
shall she should so some something such sure take than thank thanks that the their theirs them then
there these they thing things this those through to too under until up upon us used using ve very via want
wants was way we well were what when where whether which while who whom whose why will wish with within without would
yes yet you your yours yourself hi hello help assist able additionally moreover furthermore finally lastly kindly
curious interested wondering planning considering one`;

const requesting = "get give show make take use see look run set tell try call go do";

const general = `
find search information info detail details specific related relevant latest recent current currently new
newest today available complete comprehensive detailed various different certain particular important best
good great better high top popular interesting include including included create based access check
explore discover learn understand view display retrieve fetch return returning list lists listing say
explain discuss describe ask question answer suggest suggestion recommend recommendation recommendations option
options ways type types kind name names number total amount first second third last next previous start begin
end day days week month year years date time people person user friend friends family company team project plan
trip event work working home life world global country data dataset result results example item items id ids
url value values test assistance require purpose order follow following mention mentioned focus focusing
potential possible additional full entire whole main major key overall own several multiple across among
between regarding concerning according along together quickly easily accurate accurately ensure gather collect
obtain support experience advice tip tips insight insights idea ideas topic topics subject field area content
resource resources source sources tool tools app application platform service website site web page online
internet google`;

const weights = new Map<string, number>();
for (const [words, weight] of [
  [general, 0.8],
  [requesting, 0.3],
  [shaping, 0],
] as const) {
  for (const word of words.trim().split(/\s+/)) weights.set(stemWord(word), weight);
}

/** 1 for a word with a meaning of its own, down to 0. */
export function termSalience(term: string): number {
  return weights.get(term) ?? 1;
}

/** `create an issue` → `create issue`: what a name would be made of. */
export function withoutShapingWords(text: string): string {
  const words = text.split(/\s+/, 40);
  return words.filter((word) => termSalience(stemWord(word.toLowerCase())) > 0).join(" ");
}
