import { QuestionCircleOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState } from "react";

import { api, body } from "../../api/client";
import type { IncidentRow } from "../../api/model";
import { LIST_OPTIONS } from "../../api/queries";
import { useMay } from "../../app/session";
import { usePlace } from "../../app/usePlace";
import { INCIDENT_FILTERS } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Page, Panel } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { Rows } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { useMediaQuery } from "../../theme/mediaQuery";
import { incidentQuery } from "./filters";
import { useIncidentColumns } from "./incidentColumns";
import { IncidentFilters } from "./IncidentFilters";
import styles from "./Incidents.module.css";
import { KeyHelp } from "./KeyHelp";
import { takes, type IncidentEvent } from "./lifeCycle";
import { NewsMarker } from "./NewsMarker";
import { IncidentPanel } from "./panel/IncidentPanel";
import { useEventDialog } from "./panel/EventDialog";
import { useNews } from "./useNews";
import { useQueueKeys } from "./useQueueKeys";

export default function IncidentsPage() {
  const { t } = useWords();
  const control = usePlace(INCIDENT_FILTERS);
  const { filters, after, open } = control.place;
  const beside = useMediaQuery("(min-width: 1200px)");
  const mayAct = useMay("incident:act");
  const incidents = useQuery({
    queryKey: ["incidents", filters, after],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/incidents", { params: { query: incidentQuery(filters, after) }, signal })),
    ...LIST_OPTIONS,
  });
  const rows = incidents.data?.rows;
  const news = useNews(filters, rows);
  const columns = useIncidentColumns(control.place, open !== undefined && beside);
  const cursor = useCursor(rows ?? [], open, control.open);
  const [help, setHelp] = useState(false);
  const dialog = useEventDialog();

  const act = (event: IncidentEvent) => {
    const row = cursor.row();
    if (mayAct && row !== undefined && takes(row.state, event)) dialog.ask(row.id, event);
  };
  useQueueKeys({
    move: cursor.move,
    open: () => cursor.at !== undefined && open === undefined && control.open(cursor.at),
    close: () => (open === undefined ? cursor.clear() : cursor.close()),
    act,
    help: () => setHelp(true),
  });
  const takeNews = () => {
    if (control.place.page > 1) control.first();
    news.take();
  };

  return (
    <div className={styles["split"]} data-open={open !== undefined || undefined}>
      <div className={styles["queue"]}>
        <Page
          title={t("incidents.title")}
          note={t("incidents.note")}
          actions={<HelpButton onClick={() => setHelp(true)} />}
        >
          <Panel flush>
            <IncidentFilters control={control} />
            <NewsMarker count={news.count} onTake={takeNews} />
            <Await query={incidents} lines={12}>
              {({ rows: shown, next_cursor }) =>
                shown.length === 0 ? (
                  <NoIncidents filtered={Object.keys(filters).length > 0} />
                ) : (
                  <>
                    <Rows
                      caption={t("incidents.title")}
                      rows={shown}
                      columns={columns}
                      rowKey={(row) => String(row.id)}
                      rowTestId="incident-row"
                      testId="incident-queue"
                      selected={cursor.at}
                      fresh={news.fresh}
                      onOpen={(row) => control.open(String(row.id))}
                    />
                    <Pager control={control} shown={shown.length} nextCursor={next_cursor} />
                  </>
                )
              }
            </Await>
          </Panel>
        </Page>
      </div>
      {open !== undefined && <IncidentPanel key={open} id={Number(open)} onClose={cursor.close} onEvent={dialog.ask} />}
      {dialog.element}
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function HelpButton({ onClick }: { onClick: () => void }) {
  const { t } = useWords();
  const canHover = useMediaQuery("(hover: hover)");
  return canHover ? (
    <Button type="text" icon={<QuestionCircleOutlined />} onClick={onClick}>
      {t("incidents.keys")}
    </Button>
  ) : null;
}

function NoIncidents({ filtered }: { filtered: boolean }) {
  const { t } = useWords();
  return filtered ? (
    <Nothing title={t("incidents.none_match")} next={t("incidents.none_match_next")} />
  ) : (
    <Nothing title={t("incidents.none")} next={t("incidents.none_next")} />
  );
}

/** The row that keys act on: the open one, else where j and k left off. Follows the focus, so readers hear it. */
function useCursor(rows: readonly IncidentRow[], open: string | undefined, openRow: (id: string | undefined) => void) {
  const [left, setLeft] = useState<string>();
  const lastIndex = useRef(-1);
  const at = open ?? left;
  const focusRow = (id: string | undefined) => {
    if (id === undefined) return;
    const link = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(id)}"] [data-testid="incident-open"]`);
    (link ?? document.getElementById("main"))?.focus();
    link?.scrollIntoView({ block: "nearest" });
  };
  return {
    at,
    row: () => rows.find((row) => String(row.id) === at),
    move: (step: 1 | -1) => {
      const found = rows.findIndex((row) => String(row.id) === at);
      const from = found >= 0 ? found : step > 0 ? lastIndex.current - 1 : lastIndex.current;
      const index = Math.min(Math.max(from + step, 0), rows.length - 1);
      const id = rows[index] === undefined ? undefined : String(rows[index].id);
      lastIndex.current = index;
      setLeft(id);
      if (open !== undefined) openRow(id);
      focusRow(id);
    },
    clear: () => setLeft(undefined),
    close: () => {
      setLeft(open);
      openRow(undefined);
      setTimeout(() => focusRow(open));
    },
  };
}
