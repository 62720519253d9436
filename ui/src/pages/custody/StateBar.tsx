import type { LotRow } from "../../api/model";
import { useWords } from "../../i18n/language";
import styles from "./Custody.module.css";
import { phase, widths } from "./shades";

/** The cards of a lot by state: a bar for the eye, and the numbers in words. */
export function StateBar({ states }: { states: LotRow["by_state"] }) {
  const { pick, number } = useWords();
  const shares = widths(states.map(({ cards }) => cards));
  return (
    <div className={styles["states"]}>
      <div className={styles["stateBar"]} aria-hidden="true">
        {states.map(({ state }, place) => (
          <span key={state} data-phase={phase(state)} style={{ width: `${shares[place]}%` }} />
        ))}
      </div>
      <ul>
        {states.map(({ state, title, cards }) => (
          <li key={state} data-phase={phase(state)}>
            {pick(title)} {number(cards)}
          </li>
        ))}
      </ul>
    </div>
  );
}
