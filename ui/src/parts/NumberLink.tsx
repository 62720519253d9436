import { Link } from "react-router";

import { useWords } from "../i18n/language";
import styles from "./parts.module.css";

/** A number, and the way to the rows behind it. `to` null where the reader may not see them. */
export function NumberLink({ n, to, label }: { n: number; to: string | null; label?: string }) {
  const { number } = useWords();
  if (to === null) return <span>{number(n)}</span>;
  return (
    <Link
      to={to}
      className={styles["numberLink"]}
      aria-label={label === undefined ? undefined : `${label}: ${number(n)}`}
    >
      {number(n)}
    </Link>
  );
}
