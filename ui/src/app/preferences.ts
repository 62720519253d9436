import { useSyncExternalStore } from "react";

/** What a reader set once and finds again: kept in this browser. */
interface Preference<T extends string> {
  name: string;
  values: readonly [T, ...T[]];
}

const DENSITY: Preference<"compact" | "comfortable"> = {
  name: "tallyward.density",
  values: ["compact", "comfortable"],
};
const SIDE_BAR: Preference<"open" | "folded"> = { name: "tallyward.sidebar", values: ["open", "folded"] };

const listeners = new Set<() => void>();

function read<T extends string>({ name, values }: Preference<T>): T {
  const stored = localStorage.getItem(name);
  return values.find((value) => value === stored) ?? values[0];
}

function write<T extends string>({ name }: Preference<T>, value: T): void {
  localStorage.setItem(name, value);
  listeners.forEach((tell) => tell());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDensity() {
  return useSyncExternalStore(subscribe, () => read(DENSITY));
}

export function setDensity(value: "compact" | "comfortable"): void {
  write(DENSITY, value);
}

export function useSideBar() {
  return useSyncExternalStore(subscribe, () => read(SIDE_BAR));
}

export function setSideBar(value: "open" | "folded"): void {
  write(SIDE_BAR, value);
}
