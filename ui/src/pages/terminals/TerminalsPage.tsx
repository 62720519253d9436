import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { api, body } from "../../api/client";
import type { TerminalRow } from "../../api/model";
import { LIST_OPTIONS } from "../../api/queries";
import { usePlace } from "../../app/usePlace";
import { TERMINAL_FILTERS, ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { FilterBar, Find, Pick } from "../../parts/Filters";
import { Dash } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";

const ACCESS = ["nb-iot", "emtc", "4g", "5g", "wifi", "ble", "lora", "sigfox", "zigbee", "wired"] as const;
const CADENCE = ["live", "periodic", "daily"] as const;
const USAGE = ["consumer", "public", "production"] as const;

export default function TerminalsPage() {
  const { t, named } = useWords();
  const control = usePlace(TERMINAL_FILTERS);
  const { filters, after } = control.place;
  const terminals = useQuery({
    queryKey: ["terminals", filters, after],
    queryFn: ({ signal }) => {
      const access = ACCESS.find((one) => one === filters.access);
      const usage = USAGE.find((one) => one === filters.usage);
      const cadence = CADENCE.find((one) => one === filters.cadence);
      const query = {
        ...(filters.q === undefined ? {} : { q: filters.q }),
        ...(access === undefined ? {} : { access }),
        ...(usage === undefined ? {} : { usage }),
        ...(cadence === undefined ? {} : { cadence }),
        ...(after === undefined ? {} : { cursor: after }),
      };
      return body(api.GET("/api/v1/terminals", { params: { query }, signal }));
    },
    ...LIST_OPTIONS,
  });
  const columns = useTerminalColumns();
  return (
    <Page title={t("terminals.title")} note={t("terminals.note")}>
      <Panel flush>
        <FilterBar onClear={Object.keys(filters).length > 0 ? control.clear : undefined}>
          <Find
            value={filters.q}
            onChange={(q) => control.filter({ q }, true)}
            label={t("terminals.find")}
            testId="terminal-search"
          />
          <Pick
            name={t("field.access")}
            value={filters.access}
            onChange={(access) => control.filter({ access })}
            choices={ACCESS.map((value) => ({ value, label: named("access", value) }))}
          />
          <Pick
            name={t("field.usage")}
            value={filters.usage}
            onChange={(usage) => control.filter({ usage })}
            choices={USAGE.map((value) => ({ value, label: named("usage", value) }))}
          />
          <Pick
            name={t("field.cadence")}
            value={filters.cadence}
            onChange={(cadence) => control.filter({ cadence })}
            choices={CADENCE.map((value) => ({ value, label: named("cadence", value) }))}
          />
        </FilterBar>
        <Await query={terminals} lines={12}>
          {({ rows, next_cursor }) =>
            rows.length === 0 ? (
              <Nothing title={t("terminals.none")} next={t("terminals.none_next")} />
            ) : (
              <>
                <Rows
                  caption={t("terminals.title")}
                  rows={rows}
                  columns={columns}
                  rowKey={(row) => String(row.id)}
                  rowTestId="terminal-row"
                />
                <Pager control={control} shown={rows.length} nextCursor={next_cursor} />
              </>
            )
          }
        </Await>
      </Panel>
    </Page>
  );
}

function useTerminalColumns(): Column<TerminalRow>[] {
  const { t, named } = useWords();
  return [
    {
      key: "serial",
      title: t("field.serial"),
      onCard: "head",
      nowrap: true,
      cell: (row) => (
        <Link to={ways.terminal(row.id)} className="mono">
          {row.serial}
        </Link>
      ),
    },
    {
      key: "imei",
      title: t("field.imei"),
      nowrap: true,
      cell: (row) => (row.imei === null ? <Dash /> : <code>{row.imei}</code>),
    },
    { key: "model", title: t("field.model"), cell: (row) => `${row.vendor} ${row.model}` },
    { key: "firmware", title: t("field.firmware"), nowrap: true, cell: (row) => row.firmware },
    { key: "usage", title: t("field.usage"), nowrap: true, cell: (row) => named("usage", row.usage) },
    {
      key: "access",
      title: t("field.access"),
      onCard: "side",
      nowrap: true,
      cell: (row) => named("access", row.access),
    },
    { key: "cadence", title: t("field.cadence"), nowrap: true, cell: (row) => named("cadence", row.cadence) },
    { key: "fixed", title: t("field.place"), nowrap: true, cell: (row) => t(row.fixed ? "card.fixed" : "card.mobile") },
    { key: "holder", title: t("field.holder"), cell: (row) => row.holder.name },
  ];
}
