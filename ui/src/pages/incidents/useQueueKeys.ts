import { useEffect, useRef } from "react";

import { EVENT_KEYS, type IncidentEvent } from "./lifeCycle";

export interface QueueKeys {
  move: (step: 1 | -1) => void;
  open: () => void;
  close: () => void;
  act: (event: IncidentEvent) => void;
  help: () => void;
}

/** What a key press means to the queue; null where it belongs to a field, a dialogue or the browser. */
export function meaning(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">,
): ((keys: QueueKeys) => void) | null {
  if (event.ctrlKey || event.metaKey || event.altKey || belongsElsewhere(event.target, event.key)) return null;
  return WAYS.get(event.key) ?? null;
}

const WAYS: ReadonlyMap<string, (keys: QueueKeys) => void> = new Map([
  ["j", (keys: QueueKeys) => keys.move(1)],
  ["k", (keys: QueueKeys) => keys.move(-1)],
  ["Enter", (keys: QueueKeys) => keys.open()],
  ["Escape", (keys: QueueKeys) => keys.close()],
  ["?", (keys: QueueKeys) => keys.help()],
  ...Object.entries(EVENT_KEYS).map(([key, event]) => [key, (keys: QueueKeys) => keys.act(event)] as const),
]);

function belongsElsewhere(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (
    target.closest(
      "input, textarea, select, [contenteditable], [role=dialog], [role=listbox], [role=menu], [role=radiogroup]",
    )
  )
    return true;
  const onControl = target.closest("a, button") !== null;
  return onControl && key === "Enter";
}

/** Keyboard first: j and k move, Enter opens, Esc closes, letters act. */
export function useQueueKeys(keys: QueueKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const does = event.defaultPrevented ? null : meaning(event);
      if (does === null) return;
      event.preventDefault();
      does(latest.current);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
