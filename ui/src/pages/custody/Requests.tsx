import type { RequestRow } from "../../api/model";
import { useWords } from "../../i18n/language";
import { Chip } from "../../parts/Marks";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Nothing } from "../../parts/States";

/** Requests for activation that wait for the operator. */
export function Requests({ requests, total }: { requests: readonly RequestRow[]; total: number }) {
  const { t, tn, number } = useWords();
  const columns: Column<RequestRow>[] = [
    { key: "shop", title: t("custody.shop"), onCard: "head", cell: (row) => row.shop },
    { key: "cards", title: t("custody.cards"), numeric: true, cell: (row) => number(row.cards) },
    { key: "operator", title: t("field.operator"), cell: (row) => row.operator },
    {
      key: "waits",
      title: t("custody.waits_for"),
      onCard: "side",
      cell: (row) => (
        <Chip tone={row.approved ? "low" : "medium"}>
          {t(row.approved ? "custody.for_activation" : "custody.for_approval")}
        </Chip>
      ),
    },
  ];
  return (
    <Panel
      title={t("custody.requests")}
      note={total > requests.length ? tn("custody.first_of", requests.length) : undefined}
      flush
    >
      {requests.length === 0 ? (
        <Nothing title={t("custody.no_requests")} />
      ) : (
        <Rows caption={t("custody.requests")} rows={requests} columns={columns} rowKey={(row) => row.hash} />
      )}
    </Panel>
  );
}
