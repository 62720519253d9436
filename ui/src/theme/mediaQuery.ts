import { useCallback, useSyncExternalStore } from "react";

/** Whether a CSS media query holds now; follows its changes. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Phones: lists become cards, the side bar becomes a bar at the bottom. */
export function useNarrow(): boolean {
  return useMediaQuery("(max-width: 767px)");
}
