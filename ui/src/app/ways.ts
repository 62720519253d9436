import { hrefTo } from "./place";

/** Addresses of the rows behind a number: one place, so that a page's filters and the links to it agree. */
export const ways = {
  incidents: (filters: Partial<Record<IncidentFilter, string>> = {}) => hrefTo("/incidents", filters),
  incident: (id: number) => hrefTo("/incidents", { open: id }),
  cards: (filters: Partial<Record<CardFilter, string>> = {}) => hrefTo("/cards", filters),
  card: (id: number) => `/cards/${id}`,
  cardDay: (id: number, day: string) => `${hrefTo(`/cards/${id}`, { day })}#records`,
  terminals: (filters: Partial<Record<TerminalFilter, string>> = {}) => hrefTo("/terminals", filters),
  terminal: (id: number) => `/terminals/${id}`,
  sources: () => "/sources",
  quarantine: (source?: number) => `${hrefTo("/sources", { source })}#quarantine`,
  inspections: () => "/inspections",
  inspection: (id: number) => `/inspections/${id}`,
  notice: (id: number, enterprise: number) => `/inspections/${id}/enterprises/${enterprise}`,
  custody: (lot?: string) => hrefTo("/custody", { open: lot }),
  credit: (organisation?: string) => hrefTo("/credit", { open: organisation }),
  receipt: (entry: number, card?: string) => hrefTo(`/api/v1/custody/entries/${entry}/receipt`, { card }),
  rules: () => "/rules",
  rule: (id: string) => `/rules/one/${encodeURIComponent(id)}`,
  draft: (rule?: string) => hrefTo("/rules/draft", { rule }),
  whitelist: () => "/rules/whitelist",
} as const;

export const INCIDENT_FILTERS = ["state", "rule", "severity", "card", "area", "assignee", "day"] as const;
export type IncidentFilter = (typeof INCIDENT_FILTERS)[number];

export const CARD_FILTERS = [
  "q",
  "card_class",
  "real_name",
  "enterprise",
  "area",
  "cadence",
  "with_incidents",
] as const;
export type CardFilter = (typeof CARD_FILTERS)[number];

export const TERMINAL_FILTERS = ["q", "access", "usage", "cadence"] as const;
export type TerminalFilter = (typeof TERMINAL_FILTERS)[number];

export const STATISTICS_FILTERS = ["operator", "card_class", "area", "days"] as const;

export const WHITELIST_FILTERS = ["standing", "rule"] as const;

/** Stands for the states open, acknowledged and contained together. */
export const NOT_CLOSED = "not_closed";
