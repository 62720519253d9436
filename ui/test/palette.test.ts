import { describe, expect, test } from "vitest";

import { contrast } from "../src/theme/contrast";
import { cssVariables, DARK, LIGHT, type Palette } from "../src/theme/palette";

const TEXT_PAIRS: readonly (readonly [keyof Palette, keyof Palette])[] = [
  ["ink", "ground"],
  ["ink", "surface"],
  ["ink", "sunken"],
  ["ink", "primaryWash"],
  ["inkSoft", "ground"],
  ["inkSoft", "surface"],
  ["inkSoft", "sunken"],
  ["inkSoft", "line"],
  ["inkFaint", "ground"],
  ["inkFaint", "surface"],
  ["inkFaint", "sunken"],
  ["primary", "ground"],
  ["primary", "surface"],
  ["primary", "sunken"],
  ["primary", "primaryWash"],
  ["onPrimary", "primary"],
  ["bronze", "surface"],
  ["high", "surface"],
  ["high", "ground"],
  ["high", "highWash"],
  ["medium", "surface"],
  ["medium", "mediumWash"],
  ["low", "surface"],
  ["low", "lowWash"],
  ["good", "surface"],
  ["good", "goodWash"],
];

describe.each([
  ["light", LIGHT],
  ["dark", DARK],
] as const)("the %s palette", (_, palette) => {
  test.each(TEXT_PAIRS)("%s on %s is readable (WCAG AA, 4.5)", (text, ground) => {
    expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  test("edges of fields are visible (WCAG AA, 3)", () => {
    expect(contrast(palette.edge, palette.surface)).toBeGreaterThanOrEqual(3);
    expect(contrast(palette.edge, palette.ground)).toBeGreaterThanOrEqual(3);
  });

  test("the darkest tile still carries its figure", () => {
    for (const tint of [palette.high, palette.primary]) {
      expect(contrast(palette.ink, mix(tint, palette.sunken, 0.45))).toBeGreaterThanOrEqual(4.5);
    }
  });
});

test("black on white is 21", () => expect(contrast("#000000", "#ffffff")).toBeCloseTo(21));

test("names become CSS variables", () => {
  expect(cssVariables(LIGHT)).toContainEqual(["--ink-soft", LIGHT.inkSoft]);
});

function mix(one: string, other: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [one, other].map((hex) => parseInt(hex.slice(at, at + 2), 16)) as [number, number];
    return Math.round(a * share + b * (1 - share))
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}
