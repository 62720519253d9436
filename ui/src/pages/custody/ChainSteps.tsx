import { useQuery } from "@tanstack/react-query";

import { api, body } from "../../api/client";
import type { Chain } from "../../api/model";
import { Chip, type Tone } from "../../parts/Marks";
import { At } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Await, Nothing } from "../../parts/States";
import { Timeline } from "../../parts/Timeline";
import styles from "./Custody.module.css";
import { Receipt } from "./Receipt";
import { phase, type Phase } from "./shades";
import { useCustodyWords } from "./words";

const TONES: Readonly<Record<Phase, Tone>> = {
  stock: "plain",
  transit: "low",
  waiting: "medium",
  active: "good",
  stopped: "high",
  ended: "plain",
};

/** Who had a card in what state, since when and how long, and who signed for it. */
export function ChainSteps({ iccid }: { iccid: string }) {
  const { t, tn } = useCustodyWords();
  const found = useQuery({
    queryKey: ["custody", "chain", iccid],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/custody/cards/{iccid}/chain", { params: { path: { iccid } }, signal })),
  });
  const chain = found.data?.chain;
  return (
    <Panel
      title={t("custody.chain")}
      note={chain && t("custody.chain_of", { lot: chain.lot, slot: chain.slot, hops: tn("custody.hops", chain.hops) })}
      testId="card-chain"
    >
      <Await query={found} lines={4}>
        {({ begun, chain: way }) =>
          way === null ? (
            <Nothing
              title={t(begun ? "custody.in_no_lot" : "custody.none")}
              next={t(begun ? "custody.in_no_lot_next" : "custody.none_next")}
            />
          ) : (
            <Steps chain={way} iccid={iccid} />
          )
        }
      </Await>
    </Panel>
  );
}

function Steps({ chain, iccid }: { chain: Chain; iccid: string }) {
  const { t, pick, named, dwell } = useCustodyWords();
  return (
    <Timeline>
      {chain.steps.map((step, place) => {
        const now = place === chain.steps.length - 1;
        return (
          <li key={step.entry} data-now={now || undefined} data-testid="chain-step">
            <div className={styles["stepHead"]}>
              <strong>{step.holder_name}</strong>
              <Chip tone={TONES[phase(step.state)]}>{pick(step.title)}</Chip>
            </div>
            <div className={styles["soft"]}>
              {named("custody_kind", step.kind)} · <At at={step.since} /> ·{" "}
              {t(now ? "custody.so_far" : "custody.stayed", { time: dwell(step.dwell_seconds) })}
            </div>
            <div className={styles["signed"]}>
              {t("custody.signed_by")}
              {step.signers.map(({ member, key, hosted, ended }) => (
                <span key={key} title={key}>
                  {member}
                  {hosted && <Chip title={t("custody.hosted_why")}>{t("custody.hosted")}</Chip>}
                  {ended && <Chip tone="medium">{t("custody.key_ended")}</Chip>}
                </span>
              ))}
              · <Receipt entry={step.entry} card={iccid} />
            </div>
            <code className={styles["hash"]}>{step.hash}</code>
          </li>
        );
      })}
    </Timeline>
  );
}
