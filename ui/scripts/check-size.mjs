/** What a browser loads before the first page is under its bound, gzipped. Run after `npm run build`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BOUND = 500_000;
const STATIC = join(import.meta.dirname, "../../src/tallyward/console/static");

/** @param {string} path */
const weigh = (path) => gzipSync(readFileSync(join(STATIC, path))).length;

const page = readFileSync(join(STATIC, "index.html"), "utf8");
const first = ["index.html", ...[...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? "")];
const loaded = first.reduce((sum, path) => sum + weigh(path), 0);
const all = readdirSync(join(STATIC, "assets")).reduce((sum, name) => sum + weigh(join("assets", name)), 0);
console.log(JSON.stringify({ first_load_gzip: loaded, everything_gzip: all, bound: BOUND }));
if (loaded > BOUND) process.exit(1);
