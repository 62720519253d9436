import type { BaselineUse, ClassBaseline } from "../../api/model";

/** What is counted of a card's UTC day, and the quantiles that are told of it. */
export const METRICS = ["bytes", "peers", "cells", "records", "hours"] as const;
export type Metric = (typeof METRICS)[number];
export const QUANTILES = ["p50", "p95", "p99", "p999"] as const;
export type Quantile = (typeof QUANTILES)[number];

/** The quantiles of one measure; undefined where the class has no baseline. */
export function quantilesOf({ values }: ClassBaseline, metric: Metric): Record<Quantile, number> | undefined {
  const [p50, p95, p99, p999] = QUANTILES.map((name) => values[`${metric}_${name}`]);
  if (p50 === undefined || p95 === undefined || p99 === undefined || p999 === undefined) return undefined;
  return { p50, p95, p99, p999 };
}

/** The measure that a name such as peers_p999 is of. */
export function metricOf(name: string): Metric | undefined {
  return METRICS.find((metric) => name.startsWith(`${metric}_`));
}

/** The smallest limit that follows from a measure for a class; undefined where no rule takes one from it. */
export function smallestLimit(uses: readonly BaselineUse[], metric: Metric, cardClass: number): number | undefined {
  const found = uses
    .filter((use) => metricOf(use.baseline) === metric)
    .flatMap(({ limits }) => limits.filter((one) => one.card_class.id === cardClass && one.origin === "baseline"))
    .map(({ value }) => value);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** The end of the scale that all classes are drawn on: no value lies beyond it. */
export function endOfScale(rows: readonly ClassBaseline[], uses: readonly BaselineUse[], metric: Metric): number {
  const ends = rows.flatMap((row) => [
    quantilesOf(row, metric)?.p999 ?? 0,
    smallestLimit(uses, metric, row.card_class.id) ?? 0,
  ]);
  return Math.max(1, ...ends);
}

/** Where a value lies on a logarithmic scale from 0 to `most`: 0 to 1. */
export function onScale(value: number, most: number): number {
  return Math.min(Math.log1p(Math.max(value, 0)) / Math.log1p(Math.max(most, 1)), 1);
}

/** The hour of the UTC day with the largest share of records; undefined where there is none. */
export function busiestHour(hours: readonly number[]): { hour: number; share: number } | undefined {
  const share = Math.max(0, ...hours);
  return share === 0 ? undefined : { hour: hours.indexOf(share), share };
}
