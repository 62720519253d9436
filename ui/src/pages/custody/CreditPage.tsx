import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { api, body } from "../../api/client";
import type { CreditSubject } from "../../api/model";
import { usePlace } from "../../app/usePlace";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Chip } from "../../parts/Marks";
import { Page, Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { Begin } from "./Begin";
import { CreditFound } from "./CreditFound";
import styles from "./Custody.module.css";

const NO_FILTERS = [] as const;

/** Credit of the ledger's organisations: whose one may know, and one of them. */
export default function CreditPage() {
  const { t } = useWords();
  const { open } = usePlace(NO_FILTERS).place;
  const subjects = useQuery({
    queryKey: ["custody", "credit", "subjects"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/custody/credit", { signal })),
  });
  return (
    <Page title={t("credit.title")} note={t("credit.note")}>
      <Await query={subjects} lines={8}>
        {({ begun, asker, rows }) =>
          begun ? (
            <div className={styles["stack"]}>
              {open !== undefined && <CreditFound key={open} organisation={open} />}
              <Subjects rows={rows} asker={asker} open={open} />
            </div>
          ) : (
            <Begin />
          )
        }
      </Await>
    </Page>
  );
}

interface SubjectsProps {
  rows: readonly CreditSubject[];
  asker: string | null;
  open: string | undefined;
}

function Subjects({ rows, asker, open }: SubjectsProps) {
  const { t, named } = useWords();
  const columns: Column<CreditSubject>[] = [
    {
      key: "name",
      title: t("credit.organisation"),
      onCard: "head",
      cell: (row) => (
        <Link to={ways.credit(row.organisation)} data-testid="credit-link">
          {row.name}
        </Link>
      ),
    },
    { key: "code", title: t("credit.code"), cell: (row) => <code>{row.organisation}</code> },
    {
      key: "kind",
      title: t("credit.kind"),
      onCard: "side",
      cell: (row) => (
        <>
          {named("member_kind", row.kind)} {row.gone && <Chip tone="medium">{t("credit.gone")}</Chip>}
        </>
      ),
    },
  ];
  return (
    <Panel
      title={t("credit.subjects")}
      note={asker === null ? undefined : t("credit.asked_as", { asker })}
      flush
      testId="credit-subjects"
    >
      {rows.length === 0 ? (
        <Nothing title={t("credit.nobody")} next={t("credit.nobody_next")} />
      ) : (
        <Rows
          caption={t("credit.subjects")}
          rows={rows}
          columns={columns}
          rowKey={(row) => row.organisation}
          selected={open}
        />
      )}
    </Panel>
  );
}
