import { lazy, Suspense } from "react";

import { useWords } from "../../i18n/language";

const HourBars = lazy(() => import("./HourBars"));

interface StepChartProps {
  name: string;
  /** First day of each step, YYYY-MM-DD, with its count. */
  steps: readonly { day: string; n: number }[];
  height?: number;
}

/** Counts by day, week or month; the same figures as a table for screen readers. */
export function StepChart({ name, steps, height = 160 }: StepChartProps) {
  const { number, day, t } = useWords();
  const labels = steps.map((step) => step.day.slice(5));
  const describe = (at: number) => t("chart.step", { day: day(steps[at]?.day ?? ""), n: number(steps[at]?.n ?? 0) });
  return (
    <figure>
      <Suspense fallback={<div style={{ height }} />}>
        <HourBars
          values={steps.map((step) => step.n)}
          {...{ labels, describe, name, height }}
          write={(value) => number(value)}
        />
      </Suspense>
      <div className="unseen">
        <table>
          <caption>{name}</caption>
          <tbody>
            {steps.map((step) => (
              <tr key={step.day}>
                <th scope="row">{day(step.day)}</th>
                <td>{number(step.n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
