import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { api, body } from "../../api/client";
import type { HoldingRow } from "../../api/model";
import { LIST_OPTIONS } from "../../api/queries";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { At } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await } from "../../parts/States";
import { Receipt } from "./Receipt";

const MOST = 200;

/** Who holds what of a lot, by slot. */
export function Holdings({ lot, seesAll }: { lot: string; seesAll: boolean }) {
  const { t, tn, pick } = useWords();
  const holdings = useQuery({
    queryKey: ["custody", "holdings", lot],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/custody/lots/{lot}/holdings", { params: { path: { lot }, query: { limit: MOST } }, signal }),
      ),
    ...LIST_OPTIONS,
  });
  const columns: Column<HoldingRow>[] = [
    {
      key: "slots",
      title: t("custody.slots"),
      onCard: "head",
      cell: (row) => (row.first === row.last ? row.first : t("custody.range", { first: row.first, last: row.last })),
    },
    { key: "holder", title: t("custody.holder"), cell: (row) => row.holder },
    { key: "state", title: t("field.state"), onCard: "side", cell: (row) => pick(row.title) },
    { key: "since", title: t("custody.since"), nowrap: true, cell: (row) => <At at={row.since} /> },
    { key: "entry", title: t("custody.proof"), cell: (row) => <Receipt entry={row.entry} may={seesAll} /> },
  ];
  return (
    <Panel
      title={t("custody.holdings_of", { lot })}
      note={<Link to={ways.custody()}>{t("custody.close")}</Link>}
      flush
      testId="custody-holdings"
    >
      <Await query={holdings} lines={4}>
        {({ rows, next_cursor }) => (
          <>
            <Rows
              caption={t("custody.holdings_of", { lot })}
              rows={rows}
              columns={columns}
              rowKey={(row) => String(row.first)}
            />
            {next_cursor !== null && <p>{tn("custody.first_of", rows.length)}</p>}
          </>
        )}
      </Await>
    </Panel>
  );
}
