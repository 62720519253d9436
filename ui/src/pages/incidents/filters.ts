import type { IncidentNews } from "../../app/live";
import { NOT_CLOSED, type IncidentFilter } from "../../app/ways";
import { isState, type IncidentState } from "./lifeCycle";

export type IncidentFilters = Readonly<Partial<Record<IncidentFilter, string>>>;

/** Stands for "assigned to nobody" in the URL; no user can be named so. */
export const NOBODY = "-";

const OPEN_STATES: readonly IncidentState[] = ["open", "acknowledged", "contained"];
const SEVERITIES = ["low", "medium", "high"] as const;

/** The filters as the API's query fields; what it would not understand is left out. */
export function incidentQuery(filters: IncidentFilters, after: string | undefined) {
  const { state, rule, severity, card, area, assignee, day } = filters;
  const known = SEVERITIES.find((one) => one === severity);
  return {
    ...(state === undefined ? {} : { state: statesOf(state) }),
    ...(rule === undefined ? {} : { rule }),
    ...(known === undefined ? {} : { severity: known }),
    ...(card === undefined || !/^\d+$/.test(card) ? {} : { card: Number(card) }),
    ...(area === undefined ? {} : { area }),
    ...(assignee === undefined ? {} : { assignee: assignee === NOBODY ? "" : assignee }),
    ...(day === undefined ? {} : { day }),
    ...(after === undefined ? {} : { cursor: after }),
  };
}

function statesOf(state: string): IncidentState[] {
  if (state === NOT_CLOSED) return [...OPEN_STATES];
  return isState(state) ? [state] : [];
}

/** Whether an incident that has just opened belongs among these rows, as far as its news tells. */
export function belongs(news: IncidentNews, filters: IncidentFilters): boolean {
  const { state, rule, severity, card, assignee } = filters;
  return (
    (state === undefined || state === NOT_CLOSED || state === news.state) &&
    (rule === undefined || rule === news.rule) &&
    (severity === undefined || severity === news.severity) &&
    (card === undefined || card === String(news.card)) &&
    (assignee === undefined || assignee === NOBODY)
  );
}
