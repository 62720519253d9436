import { describe, expect, test } from "vitest";

import type { BaselineUse, ClassBaseline } from "../src/api/model";
import {
  busiestHour,
  endOfScale,
  METRICS,
  metricOf,
  onScale,
  QUANTILES,
  quantilesOf,
  smallestLimit,
} from "../src/pages/rules/quantiles";

const METER = { id: 1, code: "meter", title: { en: "Meter", "zh-CN": "抄表" } };
const CAMERA = { id: 2, code: "camera", title: { en: "Camera", "zh-CN": "监控" } };

const known = (patch: Partial<ClassBaseline> = {}): ClassBaseline => ({
  card_class: METER,
  card_days: 2000,
  known: true,
  values: Object.fromEntries(
    METRICS.flatMap((metric, m) => QUANTILES.map((name, q) => [`${metric}_${name}`, (m + 1) * 10 + q])),
  ),
  hours: Array.from({ length: 24 }, () => 0),
  ...patch,
});

const unknown = known({ card_class: CAMERA, known: false, values: {} });

const use = (baseline: string, ...limits: [typeof METER, number, string][]): BaselineUse => ({
  rule: "P2",
  title: { en: "Peers", "zh-CN": "对象" },
  limit: "max_peers",
  baseline,
  times: 2,
  at_least: 8,
  otherwise: 64,
  limits: limits.map(([card_class, value, origin]) => ({ card_class, value, origin })),
});

describe("quantiles of a measure", () => {
  test("are those of its name", () => {
    expect(quantilesOf(known(), "peers")).toEqual({ p50: 20, p95: 21, p99: 22, p999: 23 });
  });

  test("are none where a class has too few card-days, or one of them is missing", () => {
    expect(quantilesOf(unknown, "peers")).toBeUndefined();
    expect(quantilesOf(known({ values: { peers_p50: 1, peers_p95: 2, peers_p99: 3 } }), "peers")).toBeUndefined();
  });

  test.each([
    ["peers_p999", "peers"],
    ["bytes_p50", "bytes"],
    ["peersonal_p50", undefined],
  ])("%s is of %s", (name, expected) => {
    expect(metricOf(name)).toBe(expected);
  });
});

describe("the limit that is marked", () => {
  const uses = [
    use("peers_p999", [METER, 46, "baseline"], [CAMERA, 64, "rule"]),
    use("peers_p99", [METER, 44, "baseline"], [CAMERA, 3, "class"]),
    use("bytes_p99", [METER, 5, "baseline"]),
  ];

  test("is the smallest that follows from this measure for this class", () => {
    expect(smallestLimit(uses, "peers", METER.id)).toBe(44);
    expect(smallestLimit(uses, "bytes", METER.id)).toBe(5);
  });

  test("is none where the class or the rule itself sets it", () => {
    expect(smallestLimit(uses, "peers", CAMERA.id)).toBeUndefined();
    expect(smallestLimit(uses, "cells", METER.id)).toBeUndefined();
  });

  test("is never beyond the scale, and neither is a quantile", () => {
    expect(endOfScale([known(), unknown], uses, "peers")).toBe(44);
    expect(endOfScale([known(), unknown], [], "peers")).toBe(23);
    expect(endOfScale([unknown], [], "peers")).toBe(1);
  });
});

describe("the scale", () => {
  test("goes from 0 to 1 and keeps the order of values over many sizes", () => {
    const places = [0, 1, 10, 1e3, 1e6, 1e9].map((value) => onScale(value, 1e9));
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBe(1);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(places[2]).toBeGreaterThan(0.1);
  });

  test("holds where everything is 0", () => {
    expect(onScale(0, 0)).toBe(0);
    expect(onScale(5, 0)).toBe(1);
  });
});

describe("the busiest hour", () => {
  test("is the one with the largest share", () => {
    expect(busiestHour([0, 0.25, 0.5, 0.25])).toEqual({ hour: 2, share: 0.5 });
  });

  test("is none where nothing was counted", () => {
    expect(busiestHour([0, 0, 0])).toBeUndefined();
    expect(busiestHour([])).toBeUndefined();
  });
});
