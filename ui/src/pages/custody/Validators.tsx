import type { ConsensusView, NodeView, ValidatorRow } from "../../api/model";
import { useWords } from "../../i18n/language";
import { Facts } from "../../parts/Facts";
import { Chip } from "../../parts/Marks";
import { Ago, At } from "../../parts/Moments";
import { Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Nothing } from "../../parts/States";
import styles from "./Custody.module.css";

/** The validators that agree on the ledger, as the organisation's own node sees them. */
export function Validators({ node }: { node: NodeView | null }) {
  const { t } = useWords();
  return (
    <Panel title={t("custody.validators")} flush testId="custody-validators">
      {node === null ? (
        <Nothing title={t("custody.embedded")} next={t("custody.embedded_next")} />
      ) : node.consensus === null ? (
        <Nothing title={t("custody.node_silent", { member: node.member })} next={t("custody.node_silent_next")} />
      ) : (
        <Seen member={node.member} seen={node.consensus} />
      )}
    </Panel>
  );
}

function Seen({ member, seen }: { member: string; seen: ConsensusView }) {
  const { t, tn, number } = useWords();
  const columns: Column<ValidatorRow>[] = [
    {
      key: "member",
      title: t("custody.validator"),
      onCard: "head",
      cell: (row) => (
        <>
          {row.member === "" ? t("custody.validator_gone") : row.member}{" "}
          <code className={styles["hash"]}>{row.key.slice(0, 16)}</code>
        </>
      ),
    },
    { key: "power", title: t("custody.power"), numeric: true, cell: (row) => number(row.power) },
    {
      key: "signed",
      title: t("custody.last_block"),
      onCard: "side",
      cell: (row) => (
        <Chip tone={row.signed ? "good" : "high"}>{t(row.signed ? "custody.signed_it" : "custody.not_signed")}</Chip>
      ),
    },
    {
      key: "missed",
      title: t("custody.missed"),
      numeric: true,
      cell: (row) => t("custody.missed_of", { missed: number(row.missed), blocks: number(seen.blocks) }),
    },
  ];
  return (
    <>
      <div className={styles["node"]}>
        <Facts
          facts={[
            [t("custody.own_node"), member],
            [t("custody.block"), number(seen.height)],
            [
              t("custody.last_block_at"),
              <span key="v">
                <At at={seen.at} /> · <Ago at={seen.at} />{" "}
                {seen.late && <Chip tone="high">{t("custody.block_late")}</Chip>}
              </span>,
            ],
            [
              t("custody.node_state"),
              <Chip key="v" tone={seen.catching_up ? "medium" : "good"}>
                {t(seen.catching_up ? "custody.catching_up" : "custody.in_step")}
              </Chip>,
            ],
            [t("custody.peers"), tn("custody.nodes", seen.peers)],
          ]}
        />
      </div>
      <Rows
        caption={t("custody.validators")}
        rows={seen.validators}
        columns={columns}
        rowKey={(row) => row.key}
        rowTestId="validator-row"
      />
    </>
  );
}
