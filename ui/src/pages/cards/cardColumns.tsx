import { Link } from "react-router";

import type { CardRow } from "../../api/model";
import { NOT_CLOSED, ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { RealNameChip } from "../../parts/Marks";
import { Dash } from "../../parts/Moments";
import { NumberLink } from "../../parts/NumberLink";
import type { Column } from "../../parts/Rows";

export function useCardColumns(): Column<CardRow>[] {
  const { t, pick } = useWords();
  return [
    {
      key: "iccid",
      title: t("field.iccid"),
      onCard: "head",
      nowrap: true,
      cell: (card) => (
        <Link to={ways.card(card.id)} className="mono" data-testid="card-link">
          {card.iccid}
        </Link>
      ),
    },
    {
      key: "msisdn",
      title: t("field.msisdn"),
      nowrap: true,
      cell: (card) => (card.msisdn === null ? <Dash /> : <code>{card.msisdn}</code>),
    },
    { key: "imsi", title: t("field.imsi"), nowrap: true, cell: (card) => <code>{card.imsi}</code> },
    { key: "class", title: t("field.card_class"), cell: (card) => pick(card.card_class.title) },
    { key: "holder", title: t("field.holder"), cell: (card) => card.holder.name },
    {
      key: "area",
      title: t("field.home_area"),
      cell: (card) => (card.home_area === null ? <Dash /> : pick(card.home_area.title)),
    },
    {
      key: "moves",
      title: t("field.place"),
      nowrap: true,
      cell: (card) =>
        `${t(card.fixed ? "card.fixed" : "card.mobile")} · ${t(card.roaming ? "card.roaming" : "card.no_roaming")}`,
    },
    {
      key: "real_name",
      title: t("field.real_name"),
      onCard: "side",
      cell: (card) => <RealNameChip state={card.real_name} />,
    },
    {
      key: "incidents",
      title: t("situation.open_incidents"),
      numeric: true,
      cell: (card) =>
        card.incidents_open === 0 ? (
          0
        ) : (
          <NumberLink n={card.incidents_open} to={ways.incidents({ card: String(card.id), state: NOT_CLOSED })} />
        ),
    },
  ];
}
