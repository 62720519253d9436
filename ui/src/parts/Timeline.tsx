import type { ReactNode } from "react";
import styles from "./parts.module.css";

/** Stages one below the other, the oldest or newest first; the item with `data-now` is the one that lasts. */
export function Timeline({ children }: { children: ReactNode }) {
  return <ol className={styles["timeline"]}>{children}</ol>;
}
