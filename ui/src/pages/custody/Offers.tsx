import type { OfferRow } from "../../api/model";
import { useWords } from "../../i18n/language";
import { Chip } from "../../parts/Marks";
import { Ago, At } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Nothing } from "../../parts/States";

/** Offers in flight with their age and their end, the oldest first. */
export function Offers({ offers, total }: { offers: readonly OfferRow[]; total: number }) {
  const { t, tn, number } = useWords();
  const columns: Column<OfferRow>[] = [
    {
      key: "way",
      title: t("custody.way"),
      onCard: "head",
      cell: (row) => t("custody.from_to", { seller: row.seller, buyer: row.buyer }),
    },
    { key: "cards", title: t("custody.cards"), numeric: true, onCard: "side", cell: (row) => number(row.cards) },
    { key: "since", title: t("custody.age"), nowrap: true, cell: (row) => <Ago at={row.since} /> },
    {
      key: "expires",
      title: t("custody.expires"),
      cell: (row) => (row.expired ? <Chip tone="high">{t("custody.expired")}</Chip> : <At at={row.expires} />),
    },
  ];
  return (
    <Panel
      title={t("custody.offers")}
      note={total > offers.length ? tn("custody.first_of", offers.length) : undefined}
      flush
      testId="custody-offers-panel"
    >
      {offers.length === 0 ? (
        <Nothing title={t("custody.no_offers")} />
      ) : (
        <Rows
          caption={t("custody.offers")}
          rows={offers}
          columns={columns}
          rowKey={(row) => row.hash}
          rowTestId="offer-row"
        />
      )}
    </Panel>
  );
}
