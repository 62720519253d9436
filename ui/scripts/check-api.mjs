/** src/api/schema.d.ts is what docs/openapi.json gives; `npm run gen:api` makes it so. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "tallyward-api-"));
const fresh = join(folder, "schema.d.ts");
try {
  const generator = join(ROOT, "node_modules/openapi-typescript/bin/cli.js");
  const made = spawnSync(process.execPath, [generator, join(ROOT, "../docs/openapi.json"), "--output", fresh], {
    encoding: "utf8",
  });
  if (made.status !== 0) {
    console.error(made.stderr || made.stdout);
    process.exitCode = 1;
  } else if (readFileSync(fresh, "utf8") !== readFileSync(join(ROOT, "src/api/schema.d.ts"), "utf8")) {
    console.error("src/api/schema.d.ts is not what docs/openapi.json gives. Run: npm run gen:api");
    process.exitCode = 1;
  } else {
    console.log("src/api/schema.d.ts is up to date");
  }
} finally {
  rmSync(folder, { recursive: true });
}
