import type { ReactNode } from "react";

import { useWords } from "../i18n/language";
import styles from "./parts.module.css";

export type Tone = "high" | "medium" | "low" | "good" | "plain";

export function Chip({ tone = "plain", children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={styles["chip"]} data-tone={tone} title={title}>
      {children}
    </span>
  );
}

const SEVERITY_SHAPES: Readonly<Record<string, ReactNode>> = {
  high: <path d="M6 0.8 11.6 11H0.4z" fill="var(--high)" />,
  medium: <path d="M6 0.5 11.5 6 6 11.5 0.5 6z" fill="var(--medium)" />,
  low: <circle cx="6" cy="6" r="4.2" fill="none" stroke="var(--low)" strokeWidth="2" />,
};

/** Severity by shape, colour and word. */
export function Severity({ value, short = false }: { value: string; short?: boolean }) {
  const { named } = useWords();
  const word = named("severity", value);
  return (
    <span className={styles["mark"]} title={short ? word : undefined}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {SEVERITY_SHAPES[value] ?? SEVERITY_SHAPES["low"]}
      </svg>
      {short ? <span className="unseen">{word}</span> : word}
    </span>
  );
}

const STATE_TONES: Readonly<Record<string, Tone>> = {
  open: "high",
  acknowledged: "medium",
  contained: "low",
  resolved: "good",
  false_positive: "plain",
};

export function StateChip({ state }: { state: string }) {
  const { named } = useWords();
  return <Chip tone={STATE_TONES[state] ?? "plain"}>{named("incident_state", state)}</Chip>;
}

const REAL_NAME_TONES: Readonly<Record<string, Tone>> = {
  active: "good",
  requested: "medium",
  suspended: "high",
  none: "plain",
};

export function RealNameChip({ state }: { state: string }) {
  const { named } = useWords();
  return <Chip tone={REAL_NAME_TONES[state] ?? "plain"}>{named("real_name", state)}</Chip>;
}
