import type { LedgerHead, WitnessRow } from "../../api/model";
import { useWords } from "../../i18n/language";
import { Facts } from "../../parts/Facts";
import { Chip } from "../../parts/Marks";
import { At } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import styles from "./Custody.module.css";

/** The newest signed head, and who vouches for it. */
export function Health({ ledger }: { ledger: LedgerHead }) {
  const { t, tn, number } = useWords();
  const others = ledger.signers.filter(({ log }) => !log);
  return (
    <Panel title={t("custody.health")} testId="custody-health">
      <Facts
        facts={[
          [t("custody.origin"), ledger.origin],
          [t("custody.head_size"), number(ledger.size)],
          [t("custody.head_time"), <At key="v" at={ledger.at} />],
          [
            t("custody.vouched"),
            others.length === 0 ? (
              <Chip key="v" tone="medium">
                {t("custody.no_witness")}
              </Chip>
            ) : (
              <Chip key="v" tone="good">
                {tn("custody.witnesses", others.length)}
              </Chip>
            ),
          ],
          [
            t("custody.root"),
            <code key="v" className={styles["long"]}>
              {ledger.root}
            </code>,
          ],
          [
            t("custody.log_key"),
            <code key="v" className={styles["long"]}>
              {ledger.log_key}
            </code>,
          ],
        ]}
      />
      <ul className={styles["signers"]} aria-label={t("custody.signers")}>
        {ledger.signers.map(({ name, key, log, at }) => (
          <li key={name + key}>
            <Chip tone={log ? "plain" : "good"}>{t(log ? "custody.the_log" : "custody.a_witness")}</Chip> {name}{" "}
            <code>{key}</code> {at !== null && <At at={at} />}
          </li>
        ))}
      </ul>
      {ledger.witnesses.length > 0 && <Witnesses witnesses={ledger.witnesses} />}
      {others.length === 0 && <p className={styles["soft"]}>{t("custody.no_witness_next")}</p>}
    </Panel>
  );
}

/** The witnesses that are asked to sign each new head: when each did last, and how far behind it is. */
function Witnesses({ witnesses }: { witnesses: readonly WitnessRow[] }) {
  const { t, tn, pick } = useWords();
  return (
    <>
      <h3 className={styles["asked"]}>{t("custody.asked")}</h3>
      <ul className={styles["signers"]} aria-label={t("custody.asked")}>
        {witnesses.map(({ name, key, at, behind, problem }) => (
          <li key={key} data-testid="witness-row">
            <Chip tone={problem === null && behind === 0 ? "good" : "high"}>
              {behind > 0
                ? tn("custody.entries_behind", behind)
                : t(problem === null ? "custody.up_to_date" : "custody.did_not_sign")}
            </Chip>{" "}
            {name} {at === null ? t("custody.never_signed") : <At at={at} />}
            {problem !== null && <p className={styles["soft"]}>{pick(problem)}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}
