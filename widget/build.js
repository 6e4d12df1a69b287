// Builds the one file that a school's page loads.
//
// usage: node build.js [--out FILE]      (without --out: dist/lantern-chat.js)
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, transform } from "esbuild";
import { parse } from "yaml";

const HERE = dirname(fileURLToPath(import.meta.url));
const DATA = join(HERE, "..", "data");
const DEFAULT_OUT = join(HERE, "dist", "lantern-chat.js");
// phones of these years still open school sites
const TARGET = ["chrome87", "firefox90", "safari14"];

const readYaml = async (...path) => parse(await readFile(join(DATA, ...path), "utf8"));

/** The part of a contact that is shown: numbers and address for links, and what the help card tells of it. */
function shown({ key, name, phone, phone_words, text, url, hours }, help) {
  if (!help.includes(key)) name = hours = undefined;
  const digits = phone?.replaceAll("-", "");
  const tel = digits && (digits.length > 3 ? `tel:+${digits}` : `tel:${digits}`);
  return Object.fromEntries(
    Object.entries({ key, name, phone, words: phone_words, tel, text, url, hours }).filter(([, value]) => value),
  );
}

/** The first line and the bullets of the core steps as everyone without a role is told them. */
function coreSteps(responses) {
  const core = responses.utter_core.find((variation) => !variation.condition);
  const lines = core.text.split("\n").map((line) => line.trim()).filter(Boolean);
  return {
    lead: lines.filter((line) => !line.startsWith("•")).join(" "),
    core: lines.filter((line) => line.startsWith("•")).map((line) => line.slice(1).trim()),
  };
}

/** Everything the element knows without a server: `{contacts, help, languages}`. */
async function knowledge() {
  const { contacts } = await readYaml("records", "contacts.yml");
  const { widget } = await readYaml("records", "widget.yml");
  const { responses } = await readYaml("system", "core", "responses.yml");
  widget.languages.en = { ...coreSteps(responses), ...widget.languages.en };
  const reachable = contacts.filter((contact) => contact.phone || contact.text || contact.url);
  return { contacts: reachable.map((contact) => shown(contact, widget.help)), ...widget };
}

const fromData = {
  name: "from-data",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^lantern:knowledge$/ }, () => ({ path: "knowledge", namespace: "lantern" }));
    onLoad({ filter: /.*/, namespace: "lantern" }, async () => ({
      contents: JSON.stringify(await knowledge()),
      loader: "json",
    }));
    // the indents of templates would travel with each page
    onLoad({ filter: /\/src\/[\w-]+\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/\n\s+/g, "\n"),
    }));
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const { values } = parseArgs({ options: { out: { type: "string", default: DEFAULT_OUT } } });
await build({
  absWorkingDir: HERE,
  entryPoints: ["src/lantern-chat.js"],
  outfile: values.out,
  bundle: true,
  minify: true,
  format: "iife",
  target: TARGET,
  // Safari 14 knows it; only a rare form of it was wrong there
  supported: { destructuring: true },
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/* Lantern, Apache-2.0. Contains Lit (BSD-3-Clause, Google LLC). */" },
  plugins: [fromData],
});
