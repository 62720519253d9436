import { expect, test } from "vitest";

import { GRID_COLUMNS, PROVINCES, provinceOf } from "../src/pages/situation/provinces";

test("there are 34 tiles, each on its own place of the grid", () => {
  expect(PROVINCES).toHaveLength(34);
  expect(new Set(PROVINCES.map(({ row, column }) => `${row}/${column}`)).size).toBe(34);
  expect(new Set(PROVINCES.map(({ number }) => number)).size).toBe(34);
  expect(PROVINCES.every(({ column }) => column >= 1 && column <= GRID_COLUMNS)).toBe(true);
});

test.each([
  ["CN-44", "GD"],
  ["CN-GD", "GD"],
  ["cn-gd", "GD"],
  ["44", "GD"],
  ["440000", "GD"],
  ["HK", "HK"],
])("area %s is the tile %s", (area, code) => expect(provinceOf(area)?.code).toBe(code));

test.each(["JP", "SG", "GD", "WATCH-A", "CN-99", "CN-", "", "4400", "US-GD"])("area %s is on no tile", (area) => {
  expect(provinceOf(area)).toBeUndefined();
});
