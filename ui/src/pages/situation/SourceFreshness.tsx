import { Link } from "react-router";

import type { SourceRow } from "../../api/model";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { FreshChip } from "../../parts/FreshChip";
import { Ago } from "../../parts/Moments";
import { NumberLink } from "../../parts/NumberLink";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Nothing } from "../../parts/States";

/** How long each source has been silent. */
export function SourceFreshness({ sources }: { sources: readonly SourceRow[] }) {
  const { t } = useWords();
  const columns: Column<SourceRow>[] = [
    {
      key: "name",
      title: t("field.source"),
      onCard: "head",
      cell: (source) => <Link to={ways.sources()}>{source.name}</Link>,
    },
    { key: "fresh", title: t("field.freshness"), onCard: "side", cell: (source) => <FreshChip at={source.last_at} /> },
    { key: "last", title: t("source.last"), nowrap: true, cell: (source) => <Ago at={source.last_at} /> },
    {
      key: "refused",
      title: t("source.refused"),
      numeric: true,
      cell: (source) => <NumberLink n={source.refused} to={ways.quarantine(source.id)} />,
    },
    {
      key: "quarantined",
      title: t("source.quarantined"),
      numeric: true,
      cell: (source) => <NumberLink n={source.quarantined} to={ways.quarantine(source.id)} />,
    },
  ];
  return (
    <Panel title={t("situation.sources")} flush>
      {sources.length === 0 ? (
        <Nothing title={t("source.none")} next={t("source.none_next")} />
      ) : (
        <Rows
          caption={t("situation.sources")}
          rows={sources}
          columns={columns}
          rowKey={(source) => String(source.id)}
        />
      )}
    </Panel>
  );
}
