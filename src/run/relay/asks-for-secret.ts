/**
 * Whether words ask for what no form may: passwords, keys, codes. It looks at words, so it can be got round by whoever
 * writes them otherwise; the line that every such form begins with tells the person as well.
 */
const secrets =
  /pass(?:word|phrase|code)|\bpwd\b|secret|credential|api.?key|private.?key|access.?key|access.?token|auth.?token|bearer|\btokens?\b|\bpin\b|\bcv[vc]2?\b|\botp\b|one.?time.?(?:code|password)|verification.?code|(?:card|account).?number|\bssn\b|social.?security|seed.?phrase|recovery.?phrase|mnemonic/i;

export function asksForSecret(text: string): boolean {
  const plain = text
    .normalize("NFKD")
    .replaceAll(/[\p{M}\p{Cf}]/gu, "")
    // apiKey and api_key are two words each.
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ");
  return secrets.test(plain) || secrets.test(plain.replaceAll(/(?<=\b\w)[ .-](?=\w\b)/g, ""));
}
