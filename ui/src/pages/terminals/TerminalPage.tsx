import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";

import { api, body } from "../../api/client";
import type { TerminalDetail } from "../../api/model";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Facts } from "../../parts/Facts";
import { At, Dash } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Await, Nothing } from "../../parts/States";
import { Timeline } from "../../parts/Timeline";
import styles from "../card/Card.module.css";

export default function TerminalPage() {
  const { t } = useWords();
  const id = Number(useParams()["id"]);
  const terminal = useQuery({
    queryKey: ["terminal", id],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/terminals/{terminal_id}", { params: { path: { terminal_id: id } }, signal })),
  });
  const title =
    terminal.data === undefined ? t("terminal.title") : t("terminal.title_of", { serial: terminal.data.serial });
  return (
    <Page title={title} note={terminal.data?.holder.name}>
      <Await query={terminal} lines={10}>
        {(seen) => (
          <>
            <Identity terminal={seen} />
            <Cards terminal={seen} />
          </>
        )}
      </Await>
    </Page>
  );
}

function Identity({ terminal }: { terminal: TerminalDetail }) {
  const { t, named, number } = useWords();
  const { home, gateway, imei } = terminal;
  return (
    <Panel>
      <Facts
        facts={[
          [t("field.serial"), <code key="v">{terminal.serial}</code>],
          [t("field.imei"), imei === null ? <Dash key="v" /> : <code key="v">{imei}</code>],
          [t("field.model"), `${terminal.vendor} ${terminal.model}`],
          [t("field.firmware"), terminal.firmware],
          [t("field.usage"), named("usage", terminal.usage)],
          [t("field.access"), named("access", terminal.access)],
          [t("field.cadence"), named("cadence", terminal.cadence)],
          [t("field.place"), t(terminal.fixed ? "card.fixed" : "card.mobile")],
          [
            t("terminal.home"),
            home === null ? <Dash key="v" /> : `${number(home.latitude)}, ${number(home.longitude)}`,
          ],
          [
            t("terminal.gateway"),
            gateway === null ? <Dash key="v" /> : <Link key="v" to={ways.terminal(gateway)}>{`#${gateway}`}</Link>,
          ],
        ]}
      />
    </Panel>
  );
}

function Cards({ terminal }: { terminal: TerminalDetail }) {
  const { t, named } = useWords();
  const newestFirst = [...terminal.bindings].sort((a, b) => b.since.localeCompare(a.since));
  return (
    <Panel title={t("terminal.cards")} className={styles["wide"]}>
      {newestFirst.length === 0 ? (
        <Nothing title={t("terminal.no_cards")} next={t("terminal.no_cards_next")} />
      ) : (
        <Timeline>
          {newestFirst.map(({ card, since, until, reason }) => (
            <li key={`${card.id}-${since}`} data-now={until === null || undefined}>
              <Link to={ways.card(card.id)} className="mono">
                {card.iccid}
              </Link>
              <div>
                <At at={since} /> – {until === null ? t("card.bound_now") : <At at={until} />}
                {reason !== "" && <> · {named("binding_reason", reason)}</>}
              </div>
            </li>
          ))}
        </Timeline>
      )}
    </Panel>
  );
}
