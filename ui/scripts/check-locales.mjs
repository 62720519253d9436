/** Both catalogues have the same keys and blanks; what the source asks for is there, and nothing else is. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const BASE = "en";

/** @param {string} language @returns {Map<string, string>} */
export function catalogue(language) {
  /** @type {Map<string, string>} */
  const found = new Map();
  /** @param {Record<string, unknown>} table @param {string} prefix */
  const walk = (table, prefix) => {
    for (const [name, value] of Object.entries(table)) {
      if (typeof value === "string") found.set(prefix + name, value);
      else walk(/** @type {Record<string, unknown>} */ (value), `${prefix}${name}.`);
    }
  };
  walk(JSON.parse(readFileSync(join(ROOT, "src/locales", `${language}.json`), "utf8")), "");
  return found;
}

/** @param {string} sentence */
const blanks = (sentence) => [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort().join(" ");

/** All source text of the console. */
function source() {
  return readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => readFileSync(join(ROOT, "src", name), "utf8"))
    .join("\n");
}

/** Complaints, one a line; none when all is well. @param {string} [text] */
export function complaints(text = source()) {
  const base = catalogue(BASE);
  /** @type {string[]} */
  const found = [];
  for (const file of readdirSync(join(ROOT, "src/locales"))) {
    const language = file.replace(".json", "");
    const other = catalogue(language);
    for (const [key, sentence] of base) {
      if (!other.has(key)) found.push(`${language}: ${key} is missing`);
      else if (blanks(other.get(key) ?? "") !== blanks(sentence))
        found.push(`${language}: ${key} has other blanks than ${BASE}`);
      if (other.get(key)?.trim() === "") found.push(`${language}: ${key} is empty`);
    }
    for (const key of other.keys()) if (!base.has(key)) found.push(`${language}: ${key} is not in ${BASE}`);
  }
  const asked = new Set(text.match(/(?<=")[a-z][\w.-]*(?=")/g));
  const prefixes = [...text.matchAll(/named\(\s*"([\w.]+)"|t\(`([\w.]+)\.\$\{/g)].map((match) => match[1] ?? match[2]);
  for (const key of base.keys()) {
    const whole = asked.has(key) || asked.has(key.replace(/\.(one|other)$/, ""));
    if (!whole && !prefixes.some((prefix) => key.startsWith(`${prefix}.`))) found.push(`${key} is asked for nowhere`);
  }
  return found;
}

if (process.argv[1] === import.meta.filename) {
  const found = complaints();
  for (const complaint of found) console.error(complaint);
  if (found.length > 0) process.exit(1);
  console.log(`${catalogue(BASE).size} sentences in each language`);
}
