/** The incident's life cycle as the analyst meets it: which events a state takes, and what each needs. */

export type IncidentState = "open" | "acknowledged" | "contained" | "resolved" | "false_positive";
export type IncidentEvent = "acknowledge" | "contain" | "resolve" | "mark_false_positive" | "reopen";

export const STATES: readonly IncidentState[] = ["open", "acknowledged", "contained", "resolved", "false_positive"];

const EVENTS: Readonly<Record<IncidentState, readonly IncidentEvent[]>> = {
  open: ["acknowledge", "contain", "resolve", "mark_false_positive"],
  acknowledged: ["contain", "resolve", "mark_false_positive"],
  contained: ["resolve", "mark_false_positive"],
  resolved: ["reopen"],
  false_positive: ["reopen"],
};

const REASON_REQUIRED: ReadonlySet<IncidentEvent> = new Set(["mark_false_positive"]);

/** Keys that act on the selected incident. */
export const EVENT_KEYS: Readonly<Record<string, IncidentEvent>> = {
  a: "acknowledge",
  c: "contain",
  r: "resolve",
  f: "mark_false_positive",
  o: "reopen",
};

export function eventsOf(state: string): readonly IncidentEvent[] {
  return isState(state) ? EVENTS[state] : [];
}

export function takes(state: string, event: IncidentEvent): boolean {
  return eventsOf(state).includes(event);
}

export function needsReason(event: IncidentEvent): boolean {
  return REASON_REQUIRED.has(event);
}

export function isState(text: string): text is IncidentState {
  return (STATES as readonly string[]).includes(text);
}
