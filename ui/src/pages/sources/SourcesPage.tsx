import { useSources } from "../../api/queries";
import type { SourceRow } from "../../api/model";
import { useMay } from "../../app/session";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { FreshChip } from "../../parts/FreshChip";
import { Ago, At, Dash } from "../../parts/Moments";
import { NumberLink } from "../../parts/NumberLink";
import { Page, Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { Intakes } from "./Intakes";
import { Quarantine } from "./Quarantine";

export default function SourcesPage() {
  const { t } = useWords();
  const sources = useSources();
  const columns = useSourceColumns();
  const mayQuarantine = useMay("quarantine:read");
  return (
    <Page title={t("sources.title")} note={t("sources.note")}>
      <Intakes />
      <Panel title={t("sources.list")} flush>
        <Await query={sources} lines={4}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Nothing title={t("source.none")} next={t("source.none_next")} />
            ) : (
              <Rows
                caption={t("sources.list")}
                rows={rows}
                columns={columns}
                rowKey={(source) => String(source.id)}
                rowTestId="source-row"
              />
            )
          }
        </Await>
      </Panel>
      {mayQuarantine && <Quarantine sources={sources.data?.rows ?? []} />}
    </Page>
  );
}

function useSourceColumns(): Column<SourceRow>[] {
  const { t, number, named } = useWords();
  return [
    { key: "name", title: t("field.source"), onCard: "head", cell: (source) => <strong>{source.name}</strong> },
    { key: "operator", title: t("field.operator"), cell: (source) => source.operator.name },
    {
      key: "format",
      title: t("source.format"),
      cell: (source) => (source.format === null ? t("source.any_format") : named("format", source.format)),
    },
    { key: "fresh", title: t("field.freshness"), onCard: "side", cell: (source) => <FreshChip at={source.last_at} /> },
    { key: "last", title: t("source.last"), nowrap: true, cell: (source) => <Ago at={source.last_at} /> },
    {
      key: "newest",
      title: t("source.newest"),
      nowrap: true,
      cell: (source) => (source.newest_at === null ? <Dash /> : <At at={source.newest_at} />),
    },
    { key: "files", title: t("source.files"), numeric: true, cell: (source) => number(source.files) },
    { key: "records", title: t("source.records"), numeric: true, cell: (source) => number(source.records) },
    { key: "duplicates", title: t("source.duplicates"), numeric: true, cell: (source) => number(source.duplicates) },
    {
      key: "late",
      title: t("source.late"),
      numeric: true,
      cell: (source) => `${number(source.late)} / ${number(source.out_of_order)}`,
    },
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
}
