import { CloseOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useRef } from "react";
import { Link } from "react-router";

import { api, body } from "../../../api/client";
import type { IncidentDetail } from "../../../api/model";
import { ways } from "../../../app/ways";
import { useWords } from "../../../i18n/language";
import { Severity, StateChip } from "../../../parts/Marks";
import { Ago } from "../../../parts/Moments";
import { Await } from "../../../parts/States";
import styles from "../Incidents.module.css";
import { EVENT_KEYS, type IncidentEvent } from "../lifeCycle";
import { Subject } from "../Subject";
import { Evidence } from "./Evidence";
import { History } from "./History";
import { Measures } from "./Measures";
import { Talk } from "./Talk";

interface IncidentPanelProps {
  id: number;
  onClose: () => void;
  onEvent: (id: number, event: IncidentEvent) => void;
}

/** One incident: why it was found, what shows it, what would make it normal, and what was done. */
export function IncidentPanel({ id, onClose, onEvent }: IncidentPanelProps) {
  const { t } = useWords();
  const place = useRef<HTMLElement>(null);
  const incident = useQuery({
    queryKey: ["incident", id],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/incidents/{incident_id}", { params: { path: { incident_id: id } }, signal })),
  });
  useEffect(() => {
    if (window.matchMedia("(max-width: 1199px)").matches) window.scrollTo({ top: 0 });
  }, []);
  return (
    <aside
      ref={place}
      className={styles["panel"]}
      aria-label={t("incident.panel", { id })}
      data-testid="incident-panel"
    >
      <Await query={incident} lines={14}>
        {(seen) => (
          <>
            <Head incident={seen} onClose={onClose} onEvent={onEvent} />
            <Why incident={seen} />
            <Evidence incident={seen} />
            <section className={styles["section"]}>
              <h3>{t("incident.history")}</h3>
              <Talk incident={seen} />
              <History entries={seen.history} />
            </section>
          </>
        )}
      </Await>
      {incident.data === undefined && (
        <div className={styles["section"]}>
          <Button onClick={onClose}>{t("action.close")}</Button>
        </div>
      )}
    </aside>
  );
}

function Head({ incident, onClose, onEvent }: { incident: IncidentDetail } & Omit<IncidentPanelProps, "id">) {
  const { t, pick, named } = useWords();
  return (
    <header className={styles["head"]}>
      <div className={styles["headTop"]}>
        <h2>{pick(incident.title)}</h2>
        <Button
          type="text"
          icon={<CloseOutlined />}
          aria-label={t("action.close")}
          onClick={onClose}
          data-testid="panel-close"
        />
      </div>
      <div className={styles["headMeta"]}>
        <span data-testid="panel-state">
          <StateChip state={incident.state} />
        </span>
        <Severity value={incident.severity} />
        <Link to={ways.rule(incident.rule)}>
          <code>{incident.rule}</code>
        </Link>
        <span>#{incident.id}</span>
        <span>
          {t("incident.opened")} <Ago at={incident.opened_at} />
        </span>
      </div>
      {incident.allowed_events.length > 0 && (
        <div className={styles["actions"]}>
          {incident.allowed_events.map(({ event }, place) => (
            <Button
              key={event}
              type={place === 0 ? "primary" : "default"}
              title={t("incident.key", { key: keyOf(event) })}
              onClick={() => onEvent(incident.id, event)}
              data-testid={`event-${event}`}
            >
              {named("incident_event", event)}
            </Button>
          ))}
        </div>
      )}
    </header>
  );
}

function Why({ incident }: { incident: IncidentDetail }) {
  const { t, language } = useWords();
  const { why, normal } = incident.explanation[language];
  return (
    <>
      <section className={styles["section"]}>
        <h3>{t("incident.why")}</h3>
        <p className={styles["why"]} data-testid="panel-why">
          {why}
        </p>
        <p>
          <Subject incident={incident} />
          {incident.holder !== null && <> · {t("incident.holder", { name: incident.holder.name })}</>}
        </p>
      </section>
      <Measures measures={incident.measures} />
      <section className={styles["section"]}>
        <h3>{t("incident.normal")}</h3>
        <p className={styles["normal"]} data-testid="panel-normal">
          {normal}
        </p>
      </section>
    </>
  );
}

function keyOf(event: IncidentEvent): string {
  return Object.entries(EVENT_KEYS).find(([, one]) => one === event)?.[0] ?? "";
}
