import { Link } from "react-router";

import type { IncidentRow } from "../../api/model";
import { ways } from "../../app/ways";
import { useWords } from "../../i18n/language";

/** What an incident is about: a card that is known, or the number, cell or rule it was seen with. */
export function Subject({ incident }: { incident: Pick<IncidentRow, "card" | "subject"> }) {
  const { named } = useWords();
  const { card, subject } = incident;
  if (card !== null) {
    return (
      <Link to={ways.card(card.id)} className="mono">
        {card.iccid}
      </Link>
    );
  }
  return (
    <span>
      {named("subject", subject.kind)} <code>{subject.number}</code>
    </span>
  );
}
