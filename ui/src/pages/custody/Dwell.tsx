import type { MemberStock } from "../../api/model";
import { useWords } from "../../i18n/language";
import { Panel } from "../../parts/Page";
import { Nothing } from "../../parts/States";
import styles from "./Custody.module.css";
import { ageClasses, shade } from "./shades";

interface DwellProps {
  members: readonly MemberStock[];
  total: number;
  ages: readonly number[];
}

/** How long stock lies with whom: a grid that is shaded, of numbers that are read. */
export function Dwell({ members, total, ages }: DwellProps) {
  const { t, tn, language, number } = useWords();
  const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const holding = members.filter(({ stock }) => stock > 0);
  return (
    <Panel
      title={t("custody.dwell")}
      note={total > members.length ? tn("custody.first_of", members.length) : t("custody.dwell_note")}
      testId="custody-dwell"
    >
      {holding.length === 0 ? (
        <Nothing title={t("custody.no_stock")} />
      ) : (
        <table className={styles["heat"]}>
          <caption className="unseen">{t("custody.dwell_note")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("custody.member")}</th>
              {ageClasses(ages).map(([from, to]) => (
                <th key={from} scope="col">
                  {to === undefined ? t("custody.days_over", { from }) : t("custody.days_range", { from, to })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {holding.map(({ id, name, gone, by_age }) => (
              <tr key={id}>
                <th scope="row" title={name} data-gone={gone || undefined}>
                  {name}
                </th>
                {by_age.map((cards, place) => (
                  <td key={place} data-shade={shade(cards)} title={number(cards)}>
                    {compact.format(cards)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
