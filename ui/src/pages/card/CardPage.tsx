import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "react-router";

import { api, body } from "../../api/client";
import type { CardDetail } from "../../api/model";
import { useMay } from "../../app/session";
import { NOT_CLOSED, ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { RealNameChip } from "../../parts/Marks";
import { Dash } from "../../parts/Moments";
import { NumberLink } from "../../parts/NumberLink";
import { Page, Panel } from "../../parts/Page";
import { Await } from "../../parts/States";
import { Facts } from "../../parts/Facts";
import { ChainSteps } from "../custody/ChainSteps";
import { Bindings } from "./Bindings";
import styles from "./Card.module.css";
import { CardIncidents } from "./CardIncidents";
import { CardRecords } from "./CardRecords";
import { CardUse } from "./CardUse";
import { Functions } from "./Functions";
import { Limits } from "./Limits";

export default function CardPage() {
  const { t } = useWords();
  const id = Number(useParams()["id"]);
  const [params] = useSearchParams();
  const day = params.get("day") ?? undefined;
  const card = useQuery({
    queryKey: ["card", id, day],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/cards/{card_id}", {
          params: { path: { card_id: id }, query: day === undefined ? {} : { day } },
          signal,
        }),
      ),
    placeholderData: (before) => (before?.id === id ? before : undefined),
  });
  const title = card.data === undefined ? t("card.title") : t("card.title_of", { iccid: card.data.iccid });
  return (
    <Page title={title} note={card.data && <Holder card={card.data} />}>
      <Await query={card} lines={12}>
        {(seen) => <Seen card={seen} day={day ?? seen.usage?.day} />}
      </Await>
    </Page>
  );
}

function Holder({ card }: { card: CardDetail }) {
  const { t } = useWords();
  return <>{t("card.held", { holder: card.holder.name, operator: card.operator.name })}</>;
}

function Seen({ card, day }: { card: CardDetail; day: string | undefined }) {
  const mayRecords = useMay("record:read");
  return (
    <>
      <Identity card={card} />
      <div className={styles["grid"]}>
        <div className={styles["column"]}>
          <Functions functions={card.functions} cardId={card.id} day={day} />
          <Limits limits={card.limits} usage={card.usage} />
        </div>
        <div className={styles["column"]}>
          <CardIncidents incidents={card.incidents} cardId={card.id} />
          <Bindings bindings={card.bindings} />
        </div>
      </div>
      <div className={styles["wide"]}>
        <ChainSteps iccid={card.iccid} />
      </div>
      <CardUse usage={card.usage} cardId={card.id} />
      {mayRecords && day !== undefined && <CardRecords cardId={card.id} day={day} />}
    </>
  );
}

function Identity({ card }: { card: CardDetail }) {
  const { t, pick } = useWords();
  return (
    <Panel testId="card-identity">
      <Facts
        facts={[
          [t("field.iccid"), <code key="v">{card.iccid}</code>],
          [t("field.imsi"), <code key="v">{card.imsi}</code>],
          [t("field.msisdn"), card.msisdn === null ? <Dash key="v" /> : <code key="v">{card.msisdn}</code>],
          [t("field.card_class"), pick(card.card_class.title)],
          [t("field.real_name"), <RealNameChip key="v" state={card.real_name} />],
          [t("field.home_area"), card.home_area === null ? <Dash key="v" /> : pick(card.home_area.title)],
          [t("field.place"), t(card.fixed ? "card.fixed" : "card.mobile")],
          [t("field.cadence"), <Cadence key="v" card={card} />],
          [t("field.roaming"), t(card.roaming ? "card.roaming" : "card.no_roaming")],
          [
            t("situation.open_incidents"),
            <NumberLink
              key="v"
              n={card.incidents_open}
              to={ways.incidents({ card: String(card.id), state: NOT_CLOSED })}
            />,
          ],
        ]}
      />
    </Panel>
  );
}

/** What holds for the card, and its own where its terminal's is faster. */
function Cadence({ card }: { card: CardDetail }) {
  const { t, named } = useWords();
  const held = named("cadence", card.effective_cadence);
  if (card.cadence === card.effective_cadence) return held;
  return `${held} (${t("card.own_cadence", { cadence: named("cadence", card.cadence) })})`;
}
