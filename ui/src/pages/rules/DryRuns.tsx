import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Progress } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { api, body } from "../../api/client";
import type { DryRunRow } from "../../api/model";
import { useSituation } from "../../api/queries";
import { useWords } from "../../i18n/language";
import { Chip, type Tone } from "../../parts/Marks";
import { Ago } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Await, Problem } from "../../parts/States";
import { Tried } from "./Tried";
import styles from "./Rules.module.css";

const LOOK_AGAIN_MS = 1_000;
const RUN = "run";
const TONES: Readonly<Record<string, Tone>> = { running: "low", done: "good", failed: "high", too_long: "medium" };

/** Tries a text on stored days; what was tried before stays at hand. The run that is shown stands in the URL. */
export function DryRuns({ text }: { text: string }) {
  const { t } = useWords();
  const [params, setParams] = useSearchParams();
  const queries = useQueryClient();
  const { from, to, setSince, setUntil } = useDays();
  const shown = Number(params.get(RUN));
  const show = (id: number) =>
    setParams(
      (old) => {
        old.set(RUN, String(id));
        return old;
      },
      { replace: true, preventScrollReset: true },
    );
  const start = useMutation({
    mutationFn: () => body(api.POST("/api/v1/dry-runs", { body: { text, since: from, until: to === "" ? null : to } })),
    onSuccess: (run) => {
      show(run.id);
      void queries.invalidateQueries({ queryKey: ["dry-runs"] });
    },
  });
  const turned = to !== "" && from > to;
  const ready = text.trim() !== "" && from !== "" && !turned;
  return (
    <Panel title={t("dry_run.title")} note={t("dry_run.note")} flush testId="dry-run">
      <form
        className={styles["choices"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) start.mutate();
        }}
      >
        <label>
          {t("dry_run.since")}
          <Input type="date" value={from} onChange={(event) => setSince(event.target.value)} data-testid="dry-since" />
        </label>
        <label>
          {t("dry_run.until")}
          <Input type="date" value={to} onChange={(event) => setUntil(event.target.value)} data-testid="dry-until" />
        </label>
        <Button type="primary" htmlType="submit" disabled={!ready} loading={start.isPending} data-testid="dry-start">
          {t("dry_run.start")}
        </Button>
        {turned && <span role="alert">{t("dry_run.turned_round")}</span>}
      </form>
      {start.isError && <Problem error={start.error} />}
      <Earlier shown={shown} onShow={show} />
      {shown > 0 && <Watched key={shown} id={shown} />}
    </Panel>
  );
}

/** The days to try; the newest one with records until somebody chooses. */
function useDays() {
  const newest = useSituation().data?.day ?? "";
  const [since, setSince] = useState<string>();
  const [until, setUntil] = useState<string>();
  return { from: since ?? newest, to: until ?? newest, setSince, setUntil };
}

function Earlier({ shown, onShow }: { shown: number; onShow: (id: number) => void }) {
  const { t } = useWords();
  const runs = useQuery({
    queryKey: ["dry-runs", "list"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/dry-runs", { signal })),
  });
  const others = runs.data?.rows.filter(({ id }) => id !== shown) ?? [];
  if (others.length === 0) return null;
  return (
    <ul className={styles["earlier"]} aria-label={t("dry_run.earlier")}>
      {others.slice(0, 5).map((run) => (
        <li key={run.id}>
          <Button size="small" type="link" onClick={() => onShow(run.id)}>
            {t("dry_run.one", { id: run.id, rule: run.rule })}
          </Button>
          <How run={run} /> <Ago at={run.started_at} />
        </li>
      ))}
    </ul>
  );
}

function How({ run }: { run: DryRunRow }) {
  const { named } = useWords();
  return <Chip tone={TONES[run.progress] ?? "plain"}>{named("dry_run_progress", run.progress)}</Chip>;
}

/** One run while it goes on, and what it found. */
function Watched({ id }: { id: number }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const key = ["dry-runs", "one", id];
  const path = { dry_run_id: id };
  const run = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => body(api.GET("/api/v1/dry-runs/{dry_run_id}", { params: { path }, signal })),
    refetchInterval: (query) => (query.state.data?.dry_run.progress === "running" ? LOOK_AGAIN_MS : false),
    retry: false,
  });
  const cancel = useMutation({
    mutationFn: () => body(api.DELETE("/api/v1/dry-runs/{dry_run_id}", { params: { path } })),
    onSuccess: (ended) => queries.setQueryData(key, ended),
  });
  return (
    <Await query={run} lines={4}>
      {({ dry_run: one, result }) => (
        <div data-testid="dry-run-shown" data-progress={one.progress}>
          <div className={styles["bar"]}>
            <strong>{t("dry_run.one", { id: one.id, rule: one.rule })}</strong>
            <code className={styles["version"]}>{one.version}</code>
            <span role="status">
              <How run={one} />
            </span>
            {one.progress === "running" && (
              <>
                <Progress
                  className={styles["progress"] ?? ""}
                  percent={Math.floor(one.share * 100)}
                  size="small"
                  aria-label={t("dry_run.progress")}
                />
                <Button onClick={() => cancel.mutate()} loading={cancel.isPending} data-testid="dry-cancel">
                  {t("dry_run.cancel")}
                </Button>
              </>
            )}
          </div>
          {cancel.isError && <Problem error={cancel.error} />}
          <Ended run={one} />
          {result !== null && <Tried result={result} />}
        </div>
      )}
    </Await>
  );
}

/** What to do about a run that ended without a result. */
function Ended({ run }: { run: DryRunRow }) {
  const { t } = useWords();
  if (run.progress === "too_long") return <p className={styles["files"]}>{t("dry_run.too_long")}</p>;
  if (run.progress === "cancelled") return <p className={styles["files"]}>{t("dry_run.cancelled")}</p>;
  if (run.progress !== "failed") return null;
  return (
    <p className={styles["files"]} role="alert">
      {t("dry_run.failed")} {t("problem.code")} <code>{run.problem}</code>
    </p>
  );
}
