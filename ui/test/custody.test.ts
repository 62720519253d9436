import { expect, test } from "vitest";

import { ways } from "../src/app/ways";
import { ageClasses, phase, shade, widths } from "../src/pages/custody/shades";

test("few cards are seen beside very many", () => {
  expect([0, 1, 40, 1_000, 900_000, 900_000_000].map(shade)).toEqual([0, 1, 2, 3, 4, 4]);
});

test("one card of a million still has a part of the bar, and the bar is full", () => {
  const [few, many] = widths([1, 999_999]) as [number, number];
  expect(few).toBeGreaterThan(1.9);
  expect(few + many).toBeCloseTo(100);
  expect(widths([0, 0])).toEqual([0, 0]);
  expect(widths([])).toEqual([]);
});

test("ages are cut where the ledger cuts them", () => {
  expect(ageClasses([7, 30])).toEqual([
    [0, 7],
    [7, 30],
    [30, undefined],
  ]);
});

test("a state that this page does not know yet is no card in use", () => {
  expect(phase("ACTIVE")).toBe("active");
  expect(phase("SOMETHING_NEW")).toBe("ended");
});

test("a receipt is asked for by the card whose chain it is in", () => {
  expect(ways.receipt(7, "8986X")).toBe("/api/v1/custody/entries/7/receipt?card=8986X");
  expect(ways.receipt(7)).toBe("/api/v1/custody/entries/7/receipt");
});
