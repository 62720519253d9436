import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";

import { api, body } from "../../api/client";
import type { CreditAnswer } from "../../api/model";
import { useWords } from "../../i18n/language";
import { Facts } from "../../parts/Facts";
import { Chip, type Tone } from "../../parts/Marks";
import { At } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Await } from "../../parts/States";
import styles from "./Custody.module.css";

const TONES: Readonly<Record<string, Tone>> = { A: "good", B: "good", C: "low", D: "medium", E: "high" };
const HIGHEST = 1000;

/** One organisation's credit. Asked once: each look-up is noted, so it is not asked again by itself. */
export function CreditFound({ organisation }: { organisation: string }) {
  const { t } = useWords();
  const credit = useQuery({
    queryKey: ["custody", "credit", "of", organisation],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/custody/credit/{organisation}", { params: { path: { organisation } }, signal })),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  });
  return (
    <Panel
      title={credit.data === undefined ? organisation : t("credit.of", { name: credit.data.name })}
      note={t("credit.noted")}
      testId="credit-found"
    >
      <Await query={credit} lines={6}>
        {(found) => <Found found={found} />}
      </Await>
    </Panel>
  );
}

function Found({ found }: { found: CreditAnswer }) {
  const { t, number } = useWords();
  const bytes = `data:application/cbor;base64,${found.statement}`;
  return (
    <>
      <div className={styles["creditHead"]}>
        <span className={styles["score"]} data-testid="credit-score">
          {number(found.score)}
        </span>
        <Chip tone={TONES[found.grade] ?? "plain"}>{t("credit.grade", { grade: found.grade })}</Chip>
        <Gauge found={found} />
      </div>
      <Facts
        facts={[
          [t("credit.interval"), t("custody.range", { first: number(found.low), last: number(found.high) })],
          [t("credit.quota"), number(found.quota)],
          [t("credit.height"), number(found.entries)],
          [t("credit.at"), <At key="v" at={found.at} />],
          [t("credit.expires"), <At key="v" at={found.expires} />],
          [t("credit.asker"), found.asker],
        ]}
      />
      {found.capped_by !== null && (
        <p className={styles["capped"]}>{t("credit.capped", { entry: found.capped_by, score: found.score })}</p>
      )}
      <Reasons found={found} />
      <Button
        icon={<DownloadOutlined aria-hidden />}
        href={bytes}
        download={`credit-${found.organisation}-${found.entries}.cbor`}
      >
        {t("credit.statement")}
      </Button>
      {found.may_know_who_asked && <LookUps organisation={found.organisation} />}
    </>
  );
}

/** The score between 0 and 1000, with what it may be. */
function Gauge({ found: { score, low, high } }: { found: CreditAnswer }) {
  const { t } = useWords();
  const at = (value: number) => `${(value / HIGHEST) * 100}%`;
  return (
    <div className={styles["gauge"]} role="img" aria-label={t("credit.gauge", { score, low, high })}>
      <span className={styles["band"]} style={{ left: at(low), width: at(high - low) }} />
      <span className={styles["needle"]} style={{ left: at(score) }} />
    </div>
  );
}

function Reasons({ found }: { found: CreditAnswer }) {
  const { t, pick, named, list } = useWords();
  return (
    <>
      <h3>{t("credit.reasons")}</h3>
      <ul className={styles["reasons"]} data-testid="credit-reasons">
        {found.reasons.length === 0 && <li>{t("credit.no_reasons")}</li>}
        {found.reasons.map(({ code, points, told, entries, entries_total }) => (
          <li key={code}>
            <Chip tone={points < 0 ? "medium" : "good"}>{points > 0 ? `+${points}` : points}</Chip>
            <span>
              {points < 0 ? pick(told) : t("credit.clean", { factor: named("credit_factor", code) })}
              {entries.length > 0 && (
                <span className={styles["soft"]}>
                  {" "}
                  {t("credit.by_entries", {
                    entries: list(entries.map((one) => `${one.entry} (${-one.points})`)),
                    total: entries_total,
                  })}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Who was told this score before; for the organisation itself and for who sees all. */
function LookUps({ organisation }: { organisation: string }) {
  const { t, named, number } = useWords();
  const found = useQuery({
    queryKey: ["custody", "credit", "look-ups", organisation],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/custody/credit/{organisation}/look-ups", { params: { path: { organisation } }, signal })),
  });
  if (!found.data || found.data.rows.length === 0) return null;
  return (
    <details className={styles["lookUps"]}>
      <summary>{t("credit.look_ups", { n: found.data.rows.length })}</summary>
      <ul>
        {found.data.rows.map((row, place) => (
          <li key={place}>
            <At at={row.at} /> · {row.asker} · {named("ground", row.ground)} · {number(row.score)}
          </li>
        ))}
      </ul>
    </details>
  );
}
