import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useLocation, useSearchParams } from "react-router";

import { api, body } from "../../api/client";
import type { CardRecordRow } from "../../api/model";
import { LIST_OPTIONS } from "../../api/queries";
import { useWords } from "../../i18n/language";
import { Chip } from "../../parts/Marks";
import { At, Dash } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import styles from "./Card.module.css";

const DAY_MS = 86_400_000;

/** The card's usage records of one day, page by page. Reading them is written to the audit log, and the page says so. */
export function CardRecords({ cardId, day }: { cardId: number; day: string }) {
  const { t, tn } = useWords();
  const [trail, setTrail] = useState<{ day: string; cursors: readonly string[] }>({ day, cursors: [] });
  const cursors = trail.day === day ? trail.cursors : [];
  const cursor = cursors.at(-1);
  const records = useQuery({
    queryKey: ["card-records", cardId, day, cursor],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/cards/{card_id}/records", {
          params: { path: { card_id: cardId }, query: { day, ...(cursor === undefined ? {} : { cursor }) } },
          signal,
        }),
      ),
    ...LIST_OPTIONS,
  });
  const columns = useRecordColumns();
  const { hash } = useLocation();
  const arrived = records.isSuccess;
  useEffect(() => {
    if (arrived && hash === "#records") document.getElementById("records")?.scrollIntoView();
  }, [arrived, hash, day]);
  return (
    <div id="records">
      <Panel
        title={t("records.title")}
        note={t("records.audited")}
        flush
        className={styles["wide"]}
        testId="card-records"
      >
        <DayBar day={day} />
        <Await query={records} lines={8}>
          {({ rows, next_cursor }) =>
            rows.length === 0 ? (
              <Nothing title={t("records.none")} next={t("records.none_next")} />
            ) : (
              <>
                <Rows
                  caption={t("records.title")}
                  rows={rows}
                  columns={columns}
                  rowKey={(record) => `${record.at}-${record.service}-${record.peer}-${rows.indexOf(record)}`}
                  rowTestId="card-record"
                />
                {(next_cursor !== null || cursors.length > 0) && (
                  <div className={styles["dayBar"]}>
                    <span>
                      {t("pager.page", { page: cursors.length + 1 })} · {tn("pager.rows", rows.length)}
                    </span>
                    <Button
                      disabled={cursors.length === 0}
                      onClick={() => setTrail({ day, cursors: cursors.slice(0, -1) })}
                    >
                      {t("pager.previous")}
                    </Button>
                    <Button
                      disabled={next_cursor === null}
                      onClick={() => next_cursor !== null && setTrail({ day, cursors: [...cursors, next_cursor] })}
                    >
                      {t("pager.next")}
                    </Button>
                  </div>
                )}
              </>
            )
          }
        </Await>
      </Panel>
    </div>
  );
}

function DayBar({ day }: { day: string }) {
  const { t, day: writeDay } = useWords();
  const [params, setParams] = useSearchParams();
  const go = (next: string) => {
    const changed = new URLSearchParams(params);
    changed.set("day", next);
    setParams(changed, { preventScrollReset: true, replace: true });
  };
  const step = (days: number) => go(new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10));
  return (
    <div className={styles["dayBar"]}>
      <span>{t("records.of_day", { day: writeDay(day) })}</span>
      <Button icon={<LeftOutlined />} aria-label={t("records.day_before")} onClick={() => step(-1)} />
      <label>
        <span className="unseen">{t("field.day")}</span>
        <Input
          type="date"
          value={day}
          style={{ width: 150 }}
          onChange={(event) => event.target.value && go(event.target.value)}
        />
      </label>
      <Button icon={<RightOutlined />} aria-label={t("records.day_after")} onClick={() => step(1)} />
    </div>
  );
}

function useRecordColumns(): Column<CardRecordRow>[] {
  const { t, named, bytes, duration, pick } = useWords();
  return [
    { key: "at", title: t("field.time"), onCard: "head", nowrap: true, cell: (record) => <At at={record.at} /> },
    { key: "service", title: t("field.service"), onCard: "side", cell: (record) => named("service", record.service) },
    {
      key: "peer",
      title: t("field.peer"),
      cell: (record) => (record.peer === "" ? <Dash /> : <code>{record.peer}</code>),
    },
    { key: "duration", title: t("field.duration"), numeric: true, cell: (record) => duration(record.duration_s) },
    { key: "up", title: t("field.up"), numeric: true, cell: (record) => bytes(record.bytes_up) },
    { key: "down", title: t("field.down"), numeric: true, cell: (record) => bytes(record.bytes_down) },
    {
      key: "imei",
      title: t("field.imei"),
      nowrap: true,
      cell: (record) => (record.imei === null ? <Dash /> : <code>{record.imei}</code>),
    },
    {
      key: "cell",
      title: t("field.cell"),
      nowrap: true,
      cell: (record) => (record.cell === null ? <Dash /> : <code>{record.cell}</code>),
    },
    {
      key: "area",
      title: t("field.area"),
      cell: (record) => (record.area === null ? <Dash /> : pick(record.area.title)),
    },
    {
      key: "quality",
      title: t("field.quality"),
      cell: (record) =>
        record.quality.length === 0 ? (
          <Dash />
        ) : (
          <span className={styles["chips"]}>
            {record.quality.map((flag) => (
              <Chip key={flag} tone="medium">
                {named("quality", flag)}
              </Chip>
            ))}
          </span>
        ),
    },
  ];
}
