/**
 * Letters of other scripts that look like an ASCII letter or digit, and names told apart by nothing else. The table is
 * that of Unicode's confusables (UTS #39, revision 15), without what NFKC folds and what no name can have.
 */
import { isPrintable } from "../show-hidden.ts";

const lookalikes: { readonly [ascii: string]: string } = {
  a: "\u0251\u03B1\u0430",
  b: "\u0184\u042C\u13CF\u1472\u15AF",
  c: "\u0441\u1D04\u2CA5\uABAF\u{1043D}",
  d: "\u0501\u13E7\u146F\uA4D2",
  e: "\u0435\u04BD\u212E\uAB32",
  f: "\u0584\u1E9D\uA799\uAB35",
  g: "\u018D\u0261\u0581\u1D83",
  h: "\u04BB\u0570\u13C2",
  i: "\u0131\u0269\u026A\u03B9\u0456\u04CF\u13A5\uA647\uAB75\u{118C3}",
  j: "\u03F3\u0458",
  l: "\u0196\u01C0\u0399\u0406\u04C0\u06F1\u16C1\u2C92\u2D4F\uA4F2\u{1028A}\u{10309}\u{16F28}",
  n: "\u0578\u057C",
  o: "\u03BF\u03C3\u043E\u0585\u06F5\u0966\u0A66\u0AE6\u0BE6\u0C02\u0C66\u0C82\u0CE6\u0D02\u0D20\u0D66\u0D82\u0E50\u0ED0\u101D\u1040\u10FF\u1D0F\u1D11\u2C9F\uAB3D\u{1042C}\u{104EA}\u{118C8}\u{118D7}",
  p: "\u03C1\u0440\u2CA3",
  q: "\u051B\u0563\u0566",
  r: "\u0433\u1D26\u2C85\uAB47\uAB48\uAB81",
  s: "\u01BD\u0455\uA731\uABAA\u{10448}\u{118C1}",
  u: "\u028B\u03C5\u057D\u1D1C\uA79F\uAB4E\uAB52\u{104F6}\u{118D8}",
  v: "\u03BD\u0475\u1D20\uABA9\u{11706}\u{118C0}",
  w: "\u026F\u0461\u051D\u0561\u1D21\uAB83\u{1170A}\u{1170E}\u{1170F}",
  x: "\u0445\u1541\u157D",
  y: "\u0263\u028F\u03B3\u0443\u04AF\u10E7\u1D8C\u1EFF\uAB5A\u{118DC}",
  z: "\u1D22\uAB93\u{118C4}",
  A: "\u0391\u0410\u13AA\u15C5\uA4EE\u{102A0}\u{16F40}",
  B: "\u0392\u0412\u13F4\u15F7\uA4D0\uA7B4\u{10282}\u{102A1}\u{10301}",
  C: "\u0421\u13DF\u2CA4\uA4DA\u{102A2}\u{10302}\u{10415}\u{1051C}\u{118E9}",
  D: "\u13A0\u15DE\u15EA\uA4D3",
  E: "\u0395\u0415\u13AC\u2D39\uA4F0\u{10286}\u{118A6}\u{118AE}",
  F: "\u03DC\u15B4\uA4DD\uA798\u{10287}\u{102A5}\u{10525}\u{118A2}\u{118C2}",
  G: "\u050C\u13C0\u13F3\uA4D6",
  H: "\u0397\u041D\u13BB\u157C\u2C8E\uA4E7\u{102CF}",
  J: "\u037F\u0408\u13AB\u148D\uA4D9\uA7B2",
  K: "\u039A\u041A\u13E6\u16D5\u2C94\uA4D7\u{10518}",
  L: "\u13DE\u14AA\u2CD0\uA4E1\u{1041B}\u{10526}\u{118A3}\u{118B2}\u{16F16}",
  M: "\u039C\u03FA\u041C\u13B7\u15F0\u16D6\u2C98\uA4DF\u{102B0}\u{10311}",
  N: "\u039D\u2C9A\uA4E0\u{10513}",
  O: "\u039F\u041E\u0555\u09E6\u0B20\u0B66\u12D0\u2C9E\u2D54\u3007\uA4F3\u{10292}\u{102AB}\u{10404}\u{104C2}\u{10516}\u{114D0}\u{118B5}\u{118E0}",
  P: "\u03A1\u0420\u13E2\u146D\u2CA2\uA4D1\u{10295}",
  Q: "\u2D55",
  R: "\u01A6\u13A1\u13D2\u1587\uA4E3\u{104B4}\u{16F35}",
  S: "\u0405\u054F\u13D5\u13DA\uA4E2\u{10296}\u{10420}\u{16F3A}",
  T: "\u03A4\u0422\u13A2\u2CA6\uA4D4\u{10297}\u{102B1}\u{10315}\u{118BC}\u{16F0A}",
  U: "\u054D\u1200\u144C\uA4F4\u{104CE}\u{118B8}\u{16F42}",
  V: "\u0474\u06F7\u13D9\u142F\u2D38\uA4E6\uA6DF\u{1051D}\u{118A0}\u{16F08}",
  W: "\u051C\u13B3\u13D4\uA4EA\u{118E6}",
  X: "\u03A7\u0425\u16B7\u2CAC\u2D5D\uA4EB\uA7B3\u{10290}\u{102B4}\u{10317}\u{10527}",
  Y: "\u03A5\u0423\u04AE\u13A9\u13BD\u2CA8\uA4EC\u{102B2}\u{118A4}\u{16F43}",
  Z: "\u0396\u13C3\uA4DC\u{118A9}\u{118E5}",
  "2": "\u01A7\u03E8\u14BF\uA644\uA6EF\uA75A",
  "3": "\u01B7\u021C\u0417\u04E0\u2CCC\uA76A\uA7AB\u{118CA}\u{16F3B}",
  "4": "\u13CE\u{118AF}",
  "5": "\u01BC\u{118BB}",
  "6": "\u0431\u13EE\u2CD2\u{118D5}",
  "7": "\u{104D2}\u{118C6}",
  "8": "\u0222\u0223\u09EA\u0A6A\u0B03\u{1031A}",
  "9": "\u09ED\u0A67\u0B68\u0D6D\u2CCA\uA76E\u{118AC}\u{118CC}\u{118D6}",
};

const toAscii: ReadonlyMap<string, string> = new Map(
  Object.entries(lookalikes).flatMap(([ascii, letters]) =>
    Array.from(letters).map((letter) => [letter, ascii] as const),
  ),
);

/** Names with the same skeleton look alike: `І`, `1` and `I` are all `l` to the eye, `0` is `O` and `rn` is `m`. */
export function toSkeleton(name: string): string {
  const ascii = isPrintable(name)
    ? name
    : Array.from(name.normalize("NFKC"), (letter) => toAscii.get(letter) ?? letter).join("");
  return ascii.replaceAll(/[I1]/g, "l").replaceAll("0", "O").replaceAll("rn", "m");
}
