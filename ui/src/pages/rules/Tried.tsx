import { Link } from "react-router";

import type { DryRunResult, TriedCard, TriedSample } from "../../api/model";
import { useMay } from "../../app/session";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Facts } from "../../parts/Facts";
import { Chip } from "../../parts/Marks";
import { Rows, type Column } from "../../parts/Rows";
import { Nothing } from "../../parts/States";
import { useEvidenceColumns } from "../incidents/panel/Evidence";
import styles from "./Rules.module.css";

const CARDS_SHOWN = 20;

/** What a text would have found, and what finding it cost. */
export function Tried({ result }: { result: DryRunResult }) {
  const { t, tn, number, duration } = useWords();
  const seconds = (value: number) => (value < 10 ? t("dry_run.seconds", { n: number(value) }) : duration(value));
  return (
    <div data-testid="dry-run-result">
      <div className={styles["block"]}>
        <Facts
          facts={[
            [t("dry_run.cards"), <strong key="v">{number(result.cards)}</strong>],
            [t("dry_run.findings"), <strong key="v">{number(result.findings)}</strong>],
            [t("dry_run.records"), number(result.records)],
            [t("dry_run.took"), seconds(result.seconds)],
            [t("dry_run.cpu"), seconds(result.cpu_seconds)],
            [t("dry_run.coverage"), <Coverage key="v" complete={result.complete} />],
          ]}
        />
      </div>
      <Against result={result} />
      {result.cards === 0 && <Nothing title={t("dry_run.nothing")} next={t("dry_run.nothing_next")} />}
      <CardList title={t("dry_run.first_cards")} cards={result.first_cards} all={result.cards} />
      <Days days={result.days} seconds={seconds} />
      <Holders result={result} />
      {result.unjudged.length > 0 && (
        <section className={styles["block"]}>
          <h3>{t("dry_run.unjudged")}</h3>
          <ul>
            {result.unjudged.map(({ operand, cards }) => (
              <li key={operand}>
                <code>{operand}</code>: {tn("dry_run.n_cards", cards)}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Samples samples={result.samples} />
    </div>
  );
}

function Coverage({ complete }: { complete: boolean }) {
  const { t } = useWords();
  return complete ? (
    <Chip tone="good">{t("coverage.complete")}</Chip>
  ) : (
    <Chip tone="high">{t("coverage.incomplete")}</Chip>
  );
}

/** The draft against the text in use over the same days. */
function Against({ result }: { result: DryRunResult }) {
  const { t, number } = useWords();
  const { against } = result;
  if (against === null) return <p className={styles["files"]}>{t("dry_run.against_none")}</p>;
  return (
    <>
      <section className={styles["block"]} data-testid="dry-run-against">
        <h3>{t("dry_run.against", { version: against.in_use_version })}</h3>
        <Facts
          facts={[
            [t("dry_run.both"), number(against.both)],
            [t("dry_run.only_new"), number(against.only_new)],
            [t("dry_run.only_in_use"), number(against.only_in_use)],
          ]}
        />
      </section>
      <CardList title={t("dry_run.only_new")} cards={against.only_new_first} all={against.only_new} />
      <CardList title={t("dry_run.only_in_use")} cards={against.only_in_use_first} all={against.only_in_use} />
    </>
  );
}

function CardLink({ card, iccid }: TriedCard) {
  const mayCards = useMay("card:read");
  const code = <code>{iccid}</code>;
  return mayCards ? <Link to={ways.card(card)}>{code}</Link> : code;
}

function CardList({ title, cards, all }: { title: string; cards: readonly TriedCard[]; all: number }) {
  const { tn } = useWords();
  if (cards.length === 0) return null;
  const shown = cards.slice(0, CARDS_SHOWN);
  return (
    <section className={styles["block"]}>
      <h3>{title}</h3>
      <ul className={styles["iccids"]}>
        {shown.map((one) => (
          <li key={one.card}>
            <CardLink {...one} />
          </li>
        ))}
      </ul>
      {all > shown.length && <p className={styles["hint"]}>{tn("dry_run.more_cards", all - shown.length)}</p>}
    </section>
  );
}

function Days({ days, seconds }: { days: DryRunResult["days"]; seconds: (value: number) => string }) {
  const { t, day, number } = useWords();
  const columns: Column<DryRunResult["days"][number]>[] = [
    { key: "day", title: t("field.day"), onCard: "head", nowrap: true, cell: (one) => day(one.day) },
    { key: "findings", title: t("dry_run.findings"), numeric: true, cell: (one) => number(one.findings) },
    { key: "records", title: t("dry_run.records"), numeric: true, cell: (one) => number(one.records) },
    { key: "seconds", title: t("dry_run.took"), numeric: true, cell: (one) => seconds(one.seconds) },
    { key: "complete", title: t("dry_run.coverage"), cell: (one) => <Coverage complete={one.complete} /> },
  ];
  return (
    <section>
      <h3 className={styles["under"]}>{t("dry_run.by_day")}</h3>
      <Rows
        caption={t("dry_run.by_day")}
        rows={days}
        columns={columns}
        rowKey={(one) => one.day}
        rowTestId="dry-day-row"
      />
    </section>
  );
}

function Holders({ result }: { result: DryRunResult }) {
  const { t, number } = useWords();
  if (result.enterprises.length === 0) return null;
  const columns: Column<DryRunResult["enterprises"][number]>[] = [
    { key: "name", title: t("field.enterprise"), onCard: "head", cell: (one) => one.enterprise.name },
    { key: "cards", title: t("dry_run.cards"), numeric: true, onCard: "side", cell: (one) => number(one.cards) },
  ];
  return (
    <section>
      <h3 className={styles["under"]}>{t("dry_run.by_enterprise")}</h3>
      <Rows
        caption={t("dry_run.by_enterprise")}
        rows={result.enterprises}
        columns={columns}
        rowKey={(one) => String(one.enterprise.id)}
      />
    </section>
  );
}

/** The first findings with their evidence, folded. */
function Samples({ samples }: { samples: readonly TriedSample[] }) {
  const { t } = useWords();
  if (samples.length === 0) return null;
  return (
    <section className={styles["block"]} data-testid="dry-run-samples">
      <h3>{t("dry_run.samples")}</h3>
      {samples.map((sample, place) => (
        <Sample key={`${sample.day}-${sample.card}`} sample={sample} open={place === 0} />
      ))}
    </section>
  );
}

function Sample({ sample, open }: { sample: TriedSample; open: boolean }) {
  const { t, tn, day, language, named } = useWords();
  const evidence = useEvidenceColumns();
  return (
    <details className={styles["sample"]} open={open}>
      <summary>
        <code>{sample.iccid}</code> · {day(sample.day)}
      </summary>
      <p data-testid="tried-why">{sample.explanation[language].why}</p>
      <ul>
        {sample.measures.map(({ name, observed, limit, origin }) => (
          <li key={`${name}-${origin}`}>
            <code>{name}</code> {t("dry_run.measured", { observed, limit, origin: named("origin", origin) })}
          </li>
        ))}
      </ul>
      <p>
        <CardLink card={sample.card} iccid={sample.iccid} /> ·{" "}
        {tn("incident.evidence", sample.records, { kept: sample.evidence.length })}
      </p>
      <Rows
        caption={t("incident.evidence_name")}
        rows={sample.evidence}
        columns={evidence}
        rowKey={(record) => `${record.segment}-${record.row}`}
      />
    </details>
  );
}
