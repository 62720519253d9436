import { expect, test } from "vitest";

import { freshness } from "../src/parts/FreshChip";

const NOW = Date.UTC(2026, 10, 23, 12);
const before = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString();

test.each([
  [null, "never"],
  [before(0), "fresh"],
  [before(1), "fresh"],
  [before(1.01), "late"],
  [before(24), "late"],
  [before(24.1), "silent"],
])("a source that delivered at %s is %s", (at, state) => expect(freshness(at, NOW)).toBe(state));
