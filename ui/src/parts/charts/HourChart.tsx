import { lazy, Suspense } from "react";

import { useWords } from "../../i18n/language";

const HourBars = lazy(() => import("./HourBars"));

interface HourChartProps {
  name: string;
  day: string;
  values: readonly number[];
  height?: number;
  marked?: number | undefined;
  onPick?: ((hour: number) => void) | undefined;
}

/** Counts by hour of a UTC day, on the reader's clock; the same figures as a table for screen readers. */
export function HourChart({ name, day, values, height = 180, marked, onPick }: HourChartProps) {
  const { number, hourOfUtcDay, t } = useWords();
  const labels = values.map((_, hour) => hourOfUtcDay(day, hour));
  const describe = (hour: number) =>
    t("chart.hour", { from: labels[hour] ?? "", to: hourOfUtcDay(day, hour + 1), n: number(values[hour] ?? 0) });
  return (
    <figure>
      <Suspense fallback={<div style={{ height }} />}>
        <HourBars {...{ values, labels, describe, name, height, marked, onPick }} write={(value) => number(value)} />
      </Suspense>
      <div className="unseen">
        <table>
          <caption>{name}</caption>
          <tbody>
            {labels.map((label, hour) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{number(values[hour] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
