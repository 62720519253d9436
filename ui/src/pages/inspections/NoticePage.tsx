import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";

import { api, body } from "../../api/client";
import type { LateCardRow, NoticeDetail } from "../../api/model";
import { useMay } from "../../app/session";
import { ways } from "../../app/ways";
import { Facts } from "../../parts/Facts";
import { Chip } from "../../parts/Marks";
import { At, Dash } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { Files } from "./Files";
import styles from "./Inspections.module.css";
import { useShare } from "./InspectionPage";
import { Verdict } from "./Verdict";

/** The notice on one enterprise, with the cards that are longest without registration. */
export default function NoticePage() {
  const { t, period } = useShare();
  const { id, enterprise } = useParams();
  const path = { inspection_id: Number(id), enterprise_id: Number(enterprise) };
  const notice = useQuery({
    queryKey: ["notice", path],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/inspections/{inspection_id}/enterprises/{enterprise_id}", { params: { path }, signal })),
  });
  const seen = notice.data;
  return (
    <Page
      title={
        seen === undefined ? t("inspections.notice") : t("inspections.notice_of", { name: seen.notice.enterprise.name })
      }
      note={
        <>
          <Link to={ways.inspection(path.inspection_id)}>{t("inspections.back")}</Link>
          {seen !== undefined && ` · ${period(seen.inspection)}`}
        </>
      }
      actions={<Files path={ways.notice(path.inspection_id, path.enterprise_id)} />}
    >
      <Await query={notice} lines={12}>
        {(found) => (
          <div className={styles["stack"]}>
            <Figures found={found} />
            <Cards found={found} />
          </div>
        )}
      </Await>
    </Page>
  );
}

function Figures({ found }: { found: NoticeDetail }) {
  const { t, named, number, percent, share, list } = useShare();
  const { notice, inspection, operators } = found;
  return (
    <Panel>
      <Facts
        facts={[
          [t("inspections.verdict"), <Verdict key="v" verdict={notice.verdict} />],
          [t("inspections.share"), share(notice.share)],
          [t("inspections.threshold"), percent(inspection.threshold)],
          [t("inspections.joined"), number(notice.joined)],
          [t("inspections.unregistered"), number(notice.unregistered)],
          ...Object.entries(notice.real_name).map(
            ([state, n]) => [named("inspection_state", state), number(n)] as const,
          ),
          [t("inspections.in_use"), number(notice.in_use)],
          [
            t("inspections.longest"),
            notice.longest_since === null ? <Dash key="v" /> : <At key="v" at={notice.longest_since} />,
          ],
          [t("inspections.assumed"), number(notice.assumed)],
          [t("inspections.undated"), number(notice.undated)],
          [t("field.operator"), list(operators.map(({ name }) => name))],
          [t("inspections.made"), <At key="v" at={inspection.made_at} />],
        ]}
      />
      {notice.assumed > 0 && <p className={styles["assumed"]}>{t("inspections.assumed_note")}</p>}
    </Panel>
  );
}

function Cards({ found }: { found: NoticeDetail }) {
  const { t, tn } = useShare();
  const columns = useCardColumns();
  const { cards, notice } = found;
  return (
    <Panel
      title={t("inspections.late")}
      note={notice.unregistered > cards.length ? tn("inspections.late_first", cards.length) : undefined}
      flush
    >
      {cards.length === 0 ? (
        <Nothing title={t("inspections.late_none")} next={t("inspections.late_none_next")} />
      ) : (
        <Rows
          caption={t("inspections.late")}
          rows={cards}
          columns={columns}
          rowKey={(card) => String(card.card)}
          rowTestId="late-card"
        />
      )}
    </Panel>
  );
}

function Joined({ card }: { card: LateCardRow }) {
  const { t } = useShare();
  return (
    <>
      <At at={card.joined_at} /> {card.assumed && <Chip>{t("inspections.assumed_mark")}</Chip>}
    </>
  );
}

function useCardColumns(): Column<LateCardRow>[] {
  const { t, named, number } = useShare();
  const mayCards = useMay("card:read");
  return [
    {
      key: "iccid",
      title: t("field.iccid"),
      onCard: "head",
      cell: (card) =>
        mayCards ? (
          <Link to={ways.card(card.card)}>
            <code>{card.iccid}</code>
          </Link>
        ) : (
          <code>{card.iccid}</code>
        ),
    },
    {
      key: "state",
      title: t("field.real_name"),
      onCard: "side",
      cell: (card) => named("inspection_state", card.real_name),
    },
    { key: "joined", title: t("inspections.joined_at"), nowrap: true, cell: (card) => <Joined card={card} /> },
    { key: "days", title: t("inspections.days"), numeric: true, cell: (card) => number(card.days) },
    {
      key: "used",
      title: t("inspections.in_use"),
      cell: (card) => (card.in_use ? <Chip tone="high">{t("inspections.used")}</Chip> : <Dash />),
    },
  ];
}
