// A reply's text cut into pieces: plain text, links to known contacts, sentences to copy. Never HTML.
import { contacts } from "lantern:knowledge";

const COPY_MARK = /You can copy this:((?:\s*"[^"]+")+)/g;
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const bare = (url) => url.replace(/^https?:\/\//, "").replace(/^www\./, "").replace(/\/$/, "");

/** What a known number or address leads to. */
const targets = new Map();
for (const { phone, words, tel, text, url } of contacts) {
  if (phone) targets.set(phone, tel);
  if (words) targets.set(words, tel);
  if (url) targets.set(bare(url).toLowerCase(), `https://${url}`);
  const code = text?.match(/\d{6}/)?.[0];
  if (code) targets.set(code, `sms:${code}`);
}
const known = [...targets.keys()].sort((one, other) => other.length - one.length);
const KNOWN = new RegExp(`(?:https?://)?(?:www\\.)?(${known.map(escape).join("|")})`, "gi");

/** Adds numbers and addresses of the school itself: `[{phone, url}]`. */
const ownTargets = new Map();
export function alsoKnown(lines) {
  ownTargets.clear();
  for (const { phone, url } of lines) {
    if (phone) ownTargets.set(phone, telephone(phone));
    if (url) ownTargets.set(bare(url).toLowerCase(), url);
  }
}

export const telephone = (phone) => `tel:${phone.replace(/[^\d+]/g, "").replace(/^1(?=\d{10}$)/, "+1")}`;
export const withoutScheme = bare;

function pattern() {
  if (!ownTargets.size) return KNOWN;
  return new RegExp(`(?:https?://)?(?:www\\.)?(${[...ownTargets.keys(), ...known].map(escape).join("|")})`, "gi");
}

/**
 * Cuts text at known contacts.
 * @returns {({text: string} | {text: string, href: string})[]}
 */
export function withLinks(text) {
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(pattern())) {
    const before = text[match.index - 1] ?? " ";
    const after = text[match.index + match[0].length] ?? " ";
    // part of a longer number, word or address: not ours; a full stop that ends the sentence is fine
    const next = text[match.index + match[0].length + 1] ?? " ";
    if (/[\w@./-]/.test(before) || /[\w@/-]/.test(after) || (after === "." && /\w/.test(next))) continue;
    const key = match[1];
    const href = ownTargets.get(key.toLowerCase()) ?? ownTargets.get(key) ?? targets.get(key) ?? targets.get(key.toLowerCase());
    if (!href) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ text: match[0], href });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** The sentences that a reply offers for copying: the server's list, or what stands in quotes after the mark. */
function sentences(text, listed) {
  if (listed.length) return listed;
  return Array.from(text.matchAll(COPY_MARK), (match) => Array.from(match[1].matchAll(/"([^"]+)"/g), (quote) => quote[1])).flat();
}

/**
 * Cuts a reply at the sentences to copy.
 * @returns {({text: string} | {copy: string})[]} in the order of the text; listed sentences that are not in it come last
 */
export function withCopies(text, listed = []) {
  const pieces = [];
  const missing = [];
  let rest = text;
  for (const sentence of sentences(text, listed)) {
    const quoted = [`"${sentence}"`, sentence].find((form) => rest.includes(form));
    if (!quoted) {
      missing.push({ copy: sentence });
      continue;
    }
    const at = rest.indexOf(quoted);
    pieces.push({ text: rest.slice(0, at) }, { copy: sentence });
    rest = rest.slice(at + quoted.length);
  }
  pieces.push({ text: rest }, ...missing);
  return pieces.map((piece) => (piece.text ? { text: piece.text.trim() } : piece)).filter((piece) => piece.copy || piece.text);
}

/** The contacts whose number stands in a text, by their order in contacts.yml. */
export function contactsIn(text) {
  const hrefs = new Set(withLinks(text).map((piece) => piece.href));
  return contacts.filter(({ tel }) => tel && hrefs.has(tel));
}
