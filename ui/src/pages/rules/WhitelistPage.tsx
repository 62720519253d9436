import { PlusOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import { api, body } from "../../api/client";
import type { WhitelistRow } from "../../api/model";
import { problemOf } from "../../api/problem";
import { useRules } from "../../api/queries";
import { useMay } from "../../app/session";
import { usePlace } from "../../app/usePlace";
import { ways, WHITELIST_FILTERS } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { FilterBar, Pick } from "../../parts/Filters";
import { Chip, type Tone } from "../../parts/Marks";
import { At } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { NewEntryDialog } from "./NewEntryDialog";

const STANDINGS = ["valid", "expired", "removed"] as const;
const TONES: Readonly<Record<string, Tone>> = { valid: "good", expired: "medium", removed: "plain" };

/** Findings that open no incident: why, and until when. */
export default function WhitelistPage() {
  const { t, named } = useWords();
  const queries = useQueryClient();
  const { place, filter, clear } = usePlace(WHITELIST_FILTERS);
  const { standing, rule } = place.filters;
  const mayChange = useMay("whitelist:manage");
  const [adding, setAdding] = useState(false);
  const rules = useRules();
  const entries = useQuery({
    queryKey: ["whitelist"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/whitelist", { signal })),
  });
  const changed = () => void queries.invalidateQueries({ queryKey: ["whitelist"] });
  const columns = useColumns(mayChange, changed);
  const filtered = standing !== undefined || rule !== undefined;
  return (
    <Page
      title={t("whitelist.title")}
      note={
        <>
          <Link to={ways.rules()}>{t("rules.back")}</Link>
          {" · "}
          {t("whitelist.note")}
        </>
      }
      actions={
        <Button
          type="primary"
          icon={<PlusOutlined />}
          disabled={!mayChange}
          title={mayChange ? undefined : t("whitelist.not_your_role")}
          onClick={() => setAdding(true)}
          data-testid="whitelist-add"
        >
          {t("whitelist.add")}
        </Button>
      }
    >
      <Panel flush>
        <FilterBar onClear={filtered ? clear : undefined}>
          <Pick
            name={t("field.state")}
            value={standing}
            choices={STANDINGS.map((value) => ({ value, label: named("standing", value) }))}
            onChange={(next) => filter({ standing: next })}
          />
          <Pick
            name={t("field.rule")}
            value={rule}
            choices={(rules.data?.rows ?? []).map(({ id }) => ({ value: id, label: id }))}
            onChange={(next) => filter({ rule: next })}
          />
        </FilterBar>
        <Await query={entries} lines={6}>
          {({ rows }) => {
            const wanted = rows.filter(
              (one) => (standing ?? one.standing) === one.standing && (rule === undefined || one.rule === rule),
            );
            if (rows.length === 0) return <Nothing title={t("whitelist.none")} next={t("whitelist.none_next")} />;
            if (wanted.length === 0)
              return <Nothing title={t("whitelist.none_match")} next={t("whitelist.none_match_next")} />;
            return (
              <Rows
                caption={t("whitelist.title")}
                rows={wanted}
                columns={columns}
                rowKey={(one) => String(one.id)}
                rowTestId="whitelist-row"
              />
            );
          }}
        </Await>
      </Panel>
      {adding && (
        <NewEntryDialog
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            changed();
          }}
        />
      )}
    </Page>
  );
}

function useColumns(mayChange: boolean, changed: () => void): Column<WhitelistRow>[] {
  const { t, named } = useWords();
  return [
    { key: "rule", title: t("field.rule"), cell: (one) => <OfRule one={one} /> },
    { key: "reach", title: t("whitelist.reach"), onCard: "head", cell: (one) => <Reach one={one} /> },
    { key: "reason", title: t("whitelist.reason"), cell: (one) => one.reason },
    { key: "author", title: t("whitelist.author"), cell: (one) => one.author ?? t("history.elsewhere") },
    { key: "until", title: t("whitelist.until"), nowrap: true, cell: (one) => <At at={one.until} /> },
    {
      key: "standing",
      title: t("field.state"),
      onCard: "side",
      cell: (one) => <Chip tone={TONES[one.standing] ?? "plain"}>{named("standing", one.standing)}</Chip>,
    },
    {
      key: "actions",
      title: t("field.actions"),
      bare: true,
      onCard: "side",
      cell: (one) => (mayChange && one.standing === "valid" ? <Remove one={one} changed={changed} /> : null),
    },
  ];
}

function OfRule({ one }: { one: WhitelistRow }) {
  const { t, pick } = useWords();
  if (one.rule === null) return t("whitelist.every_rule");
  return (
    <Link to={ways.rule(one.rule)}>
      <code>{one.rule}</code> {pick(one.rule_title)}
    </Link>
  );
}

function Reach({ one }: { one: WhitelistRow }) {
  const { t, named } = useWords();
  const mayCards = useMay("card:read");
  const name = <code>{one.name}</code>;
  return (
    <>
      {named("whitelist_reach", one.reach)}{" "}
      {one.reach === "card" && mayCards ? <Link to={ways.card(one.target)}>{name}</Link> : name}
      {one.holder !== null && <div>{t("incident.holder", { name: one.holder.name })}</div>}
      {one.operator !== null && <div>{t("whitelist.of_operator", { name: one.operator.name })}</div>}
    </>
  );
}

function Remove({ one, changed }: { one: WhitelistRow; changed: () => void }) {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/v1/whitelist/{entry_id}", { params: { path: { entry_id: one.id } } }),
    onSuccess: changed,
    onError: (error) => {
      const { detail, next } = problemOf(error);
      void message.error(`${detail || t("problem.unknown")} ${next || t("problem.unknown_next")}`);
    },
  });
  const ask = () =>
    void modal.confirm({
      title: t("whitelist.remove"),
      content: t("whitelist.remove_sure", { name: one.name }),
      okText: t("whitelist.remove"),
      cancelText: t("action.cancel"),
      okButtonProps: { danger: true, "data-testid": "whitelist-remove-confirm" },
      onOk: () => remove.mutate(),
    });
  return (
    <Button size="small" onClick={ask} loading={remove.isPending} data-testid="whitelist-remove">
      {t("whitelist.remove")}
    </Button>
  );
}
