/** How dark a cell of the heat map is, 0 to 4: by powers of ten, so that few cards are seen beside very many. */
export function shade(cards: number): number {
  return cards <= 0 ? 0 : Math.min(1 + Math.floor(Math.log10(cards) / 1.5), 4);
}

/** What kind of state a card is in, for the colour of its part of the bar. */
export type Phase = "stock" | "transit" | "waiting" | "active" | "stopped" | "ended";

const PHASES: Readonly<Record<string, Phase>> = {
  REGISTERED: "stock",
  HELD: "stock",
  RETAIL: "stock",
  OFFERED: "transit",
  ACT_REQUESTED: "waiting",
  RN_APPROVED: "waiting",
  ACTIVE: "active",
  SUSPENDED: "stopped",
  LOST: "stopped",
};

export function phase(state: string): Phase {
  return PHASES[state] ?? "ended";
}

/** Shares of a whole in per cent that are all seen: none is under 2. */
export function widths(parts: readonly number[]): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (total <= 0) return parts.map(() => 0);
  const raised = parts.map((part) => (part <= 0 ? 0 : Math.max((part / total) * 100, 2)));
  const sum = raised.reduce((all, part) => all + part, 0);
  return raised.map((part) => (part / sum) * 100);
}

/** The age classes of stock as pairs of days; the last one has no end. */
export function ageClasses(cuts: readonly number[]): [from: number, to: number | undefined][] {
  return [0, ...cuts].map((from, place) => [from, cuts[place]]);
}
