import { useQuery } from "@tanstack/react-query";

import { api, body } from "../../api/client";
import type { BreakRow } from "../../api/model";
import { useWords } from "../../i18n/language";
import { Chip, type Tone } from "../../parts/Marks";
import { At } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Await, Nothing } from "../../parts/States";
import styles from "./Custody.module.css";
import { Receipt } from "./Receipt";

const LIKELY = 800;
const MAYBE = 300;

/** Chains that broke, the likeliest in unregistered hands first; each explains itself. */
export function Breaks({ seesAll }: { seesAll: boolean }) {
  const { t, tn } = useWords();
  const breaks = useQuery({
    queryKey: ["custody", "breaks"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/custody/breaks", { signal })),
    refetchInterval: 60_000,
  });
  const at = breaks.data?.computed_at;
  return (
    <Panel
      title={t("custody.breaks")}
      note={
        at && (
          <>
            {t("custody.held_against")} <At at={at} />
          </>
        )
      }
      flush
      testId="custody-breaks"
    >
      <Await query={breaks} lines={4}>
        {({ rows, next_cursor, computed_at }) =>
          rows.length === 0 ? (
            <Nothing
              title={t(computed_at === null ? "custody.never_held" : "custody.no_breaks")}
              next={t(computed_at === null ? "custody.never_held_next" : "custody.no_breaks_next")}
            />
          ) : (
            <>
              <ul className={styles["breaks"]}>
                {rows.map((row) => (
                  <Break key={`${row.kind} ${row.name} ${row.first}`} row={row} seesAll={seesAll} />
                ))}
              </ul>
              {next_cursor !== null && <p className={styles["soft"]}>{tn("custody.first_of", rows.length)}</p>}
            </>
          )
        }
      </Await>
    </Panel>
  );
}

function Break({ row, seesAll }: { row: BreakRow; seesAll: boolean }) {
  const { t, pick, percent } = useWords();
  const tone: Tone = row.probability >= LIKELY ? "high" : row.probability >= MAYBE ? "medium" : "low";
  return (
    <li data-testid="break-row">
      <details>
        <summary>
          <Chip tone={tone}>{percent(row.probability / 1000)}</Chip>
          <strong>{subject(row)}</strong>
          <span>{row.breaks.map(({ title }) => pick(title)).join(" ")}</span>
        </summary>
        <ol className={styles["told"]}>
          {row.told.map((sentence, place) => (
            <li key={place}>{pick(sentence)}</li>
          ))}
        </ol>
        {row.entries.length > 0 && (
          <p className={styles["soft"]}>
            {t("custody.proof")}{" "}
            {row.entries.map((entry) => (
              <Receipt key={entry} entry={entry} may={seesAll} />
            ))}
          </p>
        )}
      </details>
    </li>
  );
}

function subject({ kind, name, first, last }: BreakRow): string {
  if (kind === "card") return `${name}:${first}`;
  return kind === "cards" ? `${name}:${first}-${last}` : name;
}
