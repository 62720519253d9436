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
export function meaning(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">): ((keys: QueueKeys) => void) | null {
  if (event.ctrlKey || event.metaKey || event.altKey || belongsElsewhere(event.target, event.key)) return null;
  const act = EVENT_KEYS[event.key];
  if (act !== undefined) return (keys) => keys.act(act);
  switch (event.key) {
    case "j":
    case "ArrowDown":
      return (keys) => keys.move(1);
    case "k":
    case "ArrowUp":
      return (keys) => keys.move(-1);
    case "Enter":
      return (keys) => keys.open();
    case "Escape":
      return (keys) => keys.close();
    case "?":
      return (keys) => keys.help();
    default:
      return null;
  }
}

function belongsElsewhere(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=listbox], [role=menu], [role=radiogroup]")) return true;
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
