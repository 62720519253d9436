import styles from "./Baselines.module.css";
import { onScale, type Quantile } from "./quantiles";

interface QuantileBarProps {
  values: Record<Quantile, number>;
  most: number;
  limit: number | undefined;
  label: string;
}

const WIDTH = 160;
const HEIGHT = 16;
const MIDDLE = HEIGHT / 2;
const EDGE = 4;

/** Quantiles of one class on the scale that all classes share; the table beside it has the figures. */
export function QuantileBar({ values, most, limit, label }: QuantileBarProps) {
  const at = (value: number) => EDGE + onScale(value, most) * (WIDTH - 2 * EDGE);
  const line = (from: number, to: number) => ({ x1: at(from), x2: at(to), y1: MIDDLE, y2: MIDDLE });
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={styles["bar"]} role="img" aria-label={label}>
      <line x1={EDGE} x2={WIDTH - EDGE} y1={MIDDLE} y2={MIDDLE} className={styles["track"]} />
      <line {...line(values.p99, values.p999)} className={styles["tail"]} />
      <line {...line(values.p50, values.p99)} className={styles["body"]} />
      <circle cx={at(values.p50)} cy={MIDDLE} r={3.5} className={styles["middle"]} />
      {limit !== undefined && <path d={`M${at(limit)} 1v${HEIGHT - 2}`} className={styles["limit"]} />}
    </svg>
  );
}

/** Shares of records by hour of the UTC day, as bars from 0 to 23. */
export function HourMarks({ hours, label }: { hours: readonly number[]; label: string }) {
  const most = Math.max(...hours, Number.MIN_VALUE);
  return (
    <svg viewBox={`0 0 96 ${HEIGHT}`} className={styles["hours"]} role="img" aria-label={label}>
      <title>{label}</title>
      {hours.map((share, hour) => {
        const height = share === 0 ? 0 : Math.max((share / most) * (HEIGHT - 1), 1);
        return <rect key={hour} x={hour * 4} y={HEIGHT - height} width={3} height={height} />;
      })}
    </svg>
  );
}
