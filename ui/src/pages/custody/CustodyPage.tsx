import { useQuery } from "@tanstack/react-query";

import { api, body } from "../../api/client";
import type { CustodyOverview } from "../../api/model";
import { usePlace } from "../../app/usePlace";
import { useWords } from "../../i18n/language";
import { Page } from "../../parts/Page";
import { Await } from "../../parts/States";
import { Begin } from "./Begin";
import { Breaks } from "./Breaks";
import styles from "./Custody.module.css";
import { Dwell } from "./Dwell";
import { Health } from "./Health";
import { Holdings } from "./Holdings";
import { Lots } from "./Lots";
import { Offers } from "./Offers";
import { Requests } from "./Requests";
import { Validators } from "./Validators";

const NO_FILTERS = [] as const;

/** The card ledger: what it holds, what is on its way, what broke, how old stock is, who vouches for its head. */
export default function CustodyPage() {
  const { t } = useWords();
  const overview = useQuery({
    queryKey: ["custody", "overview"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/custody", { signal })),
    refetchInterval: 30_000,
  });
  return (
    <Page title={t("custody.title")} note={t("custody.note")}>
      <Await query={overview} lines={12}>
        {(seen) => (seen.ledger === null ? <Begin /> : <Seen seen={seen} />)}
      </Await>
    </Page>
  );
}

function Seen({ seen }: { seen: CustodyOverview }) {
  const control = usePlace(NO_FILTERS);
  const lot = control.place.open;
  return (
    <div className={styles["stack"]}>
      <Figures seen={seen} />
      <Lots control={control} />
      {lot !== undefined && <Holdings lot={lot} seesAll={seen.sees_all} />}
      <Breaks seesAll={seen.sees_all} />
      <div className={styles["pair"]}>
        <Offers offers={seen.offers} total={seen.offers_total} />
        <Requests requests={seen.requests} total={seen.requests_total} />
      </div>
      <Dwell members={seen.members} total={seen.members_total} ages={seen.ages} />
      {seen.ledger !== null && <Health ledger={seen.ledger} />}
      <Validators node={seen.node} />
    </div>
  );
}

function Figures({ seen }: { seen: CustodyOverview }) {
  const { t, number } = useWords();
  const figures = [
    ["entries", t("custody.entries"), seen.ledger?.entries ?? 0],
    ["blocks", t("custody.blocks"), seen.ledger?.blocks ?? 0],
    ["lots", t("custody.lots"), seen.lots],
    ["cards", t("custody.cards"), seen.cards],
    ["offers", t("custody.offers"), seen.offers_total],
    ["requests", t("custody.requests"), seen.requests_total],
  ] as const;
  return (
    <dl className={styles["figures"]}>
      {figures.map(([key, name, n]) => (
        <div key={key}>
          <dt>{name}</dt>
          <dd data-testid={`custody-${key}`}>{number(n)}</dd>
        </div>
      ))}
    </dl>
  );
}
