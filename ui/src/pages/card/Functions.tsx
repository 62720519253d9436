import { CheckOutlined, MinusOutlined, StopOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";

import type { FunctionUse } from "../../api/model";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Chip, type Tone } from "../../parts/Marks";
import { Dash } from "../../parts/Moments";
import { NumberLink } from "../../parts/NumberLink";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";

const MODES: Readonly<Record<string, { tone: Tone; icon: ReactNode }>> = {
  none: { tone: "plain", icon: <StopOutlined aria-hidden /> },
  directed: { tone: "low", icon: <MinusOutlined aria-hidden /> },
  open: { tone: "good", icon: <CheckOutlined aria-hidden /> },
};

/** What the card may do with each service, and what it did. */
export function Functions({
  functions,
  cardId,
  day,
}: {
  functions: readonly FunctionUse[];
  cardId: number;
  day: string | undefined;
}) {
  const { t, named } = useWords();
  const columns: Column<FunctionUse>[] = [
    { key: "service", title: t("field.service"), onCard: "head", cell: (one) => named("service", one.service) },
    {
      key: "mode",
      title: t("card.allowed"),
      onCard: "side",
      cell: (one) => (
        <Chip tone={MODES[one.mode]?.tone ?? "plain"}>
          {MODES[one.mode]?.icon} {named("function_mode", one.mode)}
        </Chip>
      ),
    },
    { key: "list", title: t("card.list"), cell: (one) => <ListOf use={one} /> },
    {
      key: "used",
      title: t("card.used"),
      numeric: true,
      cell: (one) => (
        <>
          {one.mode === "none" && one.used_today > 0 && <Chip tone="high">{t("card.not_allowed")}</Chip>}{" "}
          <NumberLink
            n={one.used_today}
            to={day === undefined ? null : ways.cardDay(cardId, day)}
            label={t("card.used")}
          />
        </>
      ),
    },
  ];
  return (
    <Panel title={t("card.functions")} flush testId="card-functions">
      <Rows caption={t("card.functions")} rows={functions} columns={columns} rowKey={(one) => one.service} />
    </Panel>
  );
}

function ListOf({ use }: { use: FunctionUse }) {
  const { tn, list } = useWords();
  if (use.list === null) return <Dash />;
  const more = use.list.entries > use.list.first.length ? " …" : "";
  return (
    <span title={use.list.first.join("\n")}>
      <code>{use.list.code}</code> · {tn("card.list_entries", use.list.entries)}
      <br />
      <small>
        {list(use.list.first.slice(0, 3))}
        {more}
      </small>
    </span>
  );
}
