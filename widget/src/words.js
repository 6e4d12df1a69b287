// The element's own words in the language of the page.
import { languages } from "lantern:knowledge";

/** The words of a language such as `es` or `es-MX`; English where there are none. */
export const wordsIn = (language) => languages[(language || "").slice(0, 2).toLowerCase()] ?? languages.en;

/** `text` with `{name}` replaced by values. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
