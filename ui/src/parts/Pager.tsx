import { Button } from "antd";

import type { PlaceControl } from "../app/usePlace";
import { useWords } from "../i18n/language";
import styles from "./parts.module.css";

interface PagerProps {
  control: Pick<PlaceControl<string>, "place" | "next" | "previous" | "first">;
  shown: number;
  nextCursor: string | null | undefined;
}

/** Keyset pages: on to the next, back where the way is known, or to the first. */
export function Pager({ control, shown, nextCursor }: PagerProps) {
  const { t, tn } = useWords();
  const { place, next, previous, first } = control;
  if (place.page === 1 && !nextCursor) return null;
  return (
    <nav className={styles["pager"]} aria-label={t("pager.name")}>
      <span>
        {t("pager.page", { page: place.page })} · {tn("pager.rows", shown)}
      </span>
      {place.page > 1 && <Button onClick={first}>{t("pager.first")}</Button>}
      {previous !== undefined && <Button onClick={previous}>{t("pager.previous")}</Button>}
      <Button disabled={!nextCursor} onClick={() => nextCursor && next(nextCursor)} data-testid="pager-next">
        {t("pager.next")}
      </Button>
    </nav>
  );
}
