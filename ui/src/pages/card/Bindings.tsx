import { Link } from "react-router";

import type { CardBinding } from "../../api/model";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { At } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Nothing } from "../../parts/States";
import { Timeline } from "../../parts/Timeline";

/** The terminals the card rode in, the present one first. */
export function Bindings({ bindings }: { bindings: readonly CardBinding[] }) {
  const { t, named } = useWords();
  const newestFirst = [...bindings].sort((a, b) => b.since.localeCompare(a.since));
  return (
    <Panel title={t("card.bindings")} testId="card-bindings">
      {newestFirst.length === 0 ? (
        <Nothing title={t("card.no_bindings")} next={t("card.no_bindings_next")} />
      ) : (
        <Timeline>
          {newestFirst.map(({ terminal, since, until, reason }) => (
            <li key={`${terminal.id}-${since}`} data-now={until === null || undefined}>
              <Link to={ways.terminal(terminal.id)}>
                {terminal.vendor} {terminal.model}
              </Link>{" "}
              <code>{terminal.serial}</code>
              <div>
                {terminal.imei !== null && (
                  <>
                    {t("field.imei")} <code>{terminal.imei}</code> ·{" "}
                  </>
                )}
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
