import { Modal } from "antd";

import { useWords } from "../../i18n/language";
import { EVENT_KEYS } from "./lifeCycle";
import styles from "./Incidents.module.css";

export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t, named } = useWords();
  const rows: readonly (readonly [keys: readonly string[], does: string])[] = [
    [["j", "k"], t("keys.move")],
    [["Enter"], t("keys.open")],
    [["Esc"], t("keys.close")],
    ...Object.entries(EVENT_KEYS).map(([key, event]) => [[key], named("incident_event", event)] as const),
    [["?"], t("keys.help")],
  ];
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("incidents.keys")} width={360}>
      <dl className={styles["keys"]}>
        {rows.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
