import { Link } from "react-router";

import type { CardDetail, EffectiveLimit } from "../../api/model";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Chip } from "../../parts/Marks";
import { Dash } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";

type Usage = CardDetail["usage"];

/** What of the day's use a limit is held against. A month's use is not known here. */
function usedOf(limit: string, usage: Usage): number | null {
  if (usage === null) return null;
  const used: Readonly<Record<string, number>> = {
    day_bytes: usage.bytes,
    max_peers: usage.peers,
    max_cells: usage.cells,
    max_imeis: usage.imeis,
  };
  return used[limit] ?? null;
}

/** The counted limits in force, who set each, and the day's use beside them. */
export function Limits({ limits, usage }: { limits: readonly EffectiveLimit[]; usage: Usage }) {
  const { t, named, number, bytes } = useWords();
  const write = (name: string, value: number) => (name.endsWith("_bytes") ? bytes(value) : number(value));
  const columns: Column<EffectiveLimit>[] = [
    { key: "name", title: t("field.limit"), onCard: "head", cell: (limit) => named("limit_name", limit.name) },
    {
      key: "value",
      title: t("card.limit_value"),
      numeric: true,
      cell: (limit) =>
        limit.value === null ? <Link to={ways.rules()}>{t("card.by_rule")}</Link> : write(limit.name, limit.value),
    },
    {
      key: "used",
      title: t("card.limit_used"),
      numeric: true,
      cell: (limit) => {
        const used = usedOf(limit.name, usage);
        if (used === null) return <Dash />;
        const over = limit.value !== null && used > limit.value;
        return (
          <>
            {over && <Chip tone="medium">{t("card.over")}</Chip>} {write(limit.name, used)}
          </>
        );
      },
    },
    {
      key: "origin",
      title: t("field.origin"),
      onCard: "side",
      cell: (limit) => <Chip>{named("origin", limit.origin ?? "rule")}</Chip>,
    },
  ];
  return (
    <Panel title={t("card.limits")} note={t("card.limits_note")} flush testId="card-limits">
      <Rows caption={t("card.limits")} rows={limits} columns={columns} rowKey={(limit) => limit.name} />
    </Panel>
  );
}
