import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";

/** An entry's number; the way to its proof where the reader may have it. */
export function Receipt({ entry, card, may = true }: { entry: number; card?: string; may?: boolean }) {
  const { t } = useWords();
  const name = t("custody.entry", { n: entry });
  if (!may) return <span>{name}</span>;
  return (
    <a href={ways.receipt(entry, card)} download data-testid="receipt" title={t("custody.receipt")}>
      {name}
    </a>
  );
}
