import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { api, body } from "../../api/client";
import type { LotRow } from "../../api/model";
import { LIST_OPTIONS } from "../../api/queries";
import type { PlaceControl } from "../../app/usePlace";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { At } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { StateBar } from "./StateBar";

const ROWS_OF_A_PAGE = 20;

/** Lots in the order of their registration, each with its cards by state. */
export function Lots({ control }: { control: PlaceControl<never> }) {
  const { t } = useWords();
  const { after, open } = control.place;
  const lots = useQuery({
    queryKey: ["custody", "lots", after],
    queryFn: ({ signal }) => {
      const query = { limit: ROWS_OF_A_PAGE, ...(after === undefined ? {} : { cursor: after }) };
      return body(api.GET("/api/v1/custody/lots", { params: { query }, signal }));
    },
    ...LIST_OPTIONS,
  });
  const columns = useColumns();
  return (
    <Panel title={t("custody.lots")} flush testId="custody-lots-panel">
      <Await query={lots} lines={6}>
        {({ rows, next_cursor }) =>
          rows.length === 0 ? (
            <Nothing title={t("custody.no_lots")} next={t("custody.no_lots_next")} />
          ) : (
            <>
              <Rows
                caption={t("custody.lots")}
                rows={rows}
                columns={columns}
                rowKey={(row) => row.id}
                rowTestId="lot-row"
                selected={open}
              />
              <Pager control={control} shown={rows.length} nextCursor={next_cursor} />
            </>
          )
        }
      </Await>
    </Panel>
  );
}

function useColumns(): Column<LotRow>[] {
  const { t, number } = useWords();
  return [
    {
      key: "lot",
      title: t("custody.lot"),
      onCard: "head",
      cell: (row) => <Link to={ways.custody(row.id)}>{row.id}</Link>,
    },
    { key: "cards", title: t("custody.cards"), numeric: true, onCard: "side", cell: (row) => number(row.cards) },
    { key: "states", title: t("custody.states"), width: "38%", cell: (row) => <StateBar states={row.by_state} /> },
    { key: "operator", title: t("field.operator"), cell: (row) => row.operator },
    { key: "product", title: t("custody.product"), cell: (row) => row.product },
    { key: "holders", title: t("custody.holders"), numeric: true, cell: (row) => number(row.holders) },
    { key: "rules", title: t("custody.rules"), cell: (row) => row.rules },
    { key: "since", title: t("custody.registered"), nowrap: true, cell: (row) => <At at={row.since} /> },
  ];
}
