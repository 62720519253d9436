import { useMemo } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";

import { nextPage, readPlace, withFilters, writePlace, type Place } from "./place";

export interface PlaceControl<F extends string> {
  place: Place<F>;
  /** Changes filters; `quietly` replaces the history entry (while somebody types). */
  filter: (patch: Partial<Record<F, string | undefined>>, quietly?: boolean) => void;
  clear: () => void;
  next: (cursor: string) => void;
  /** Undefined where the way back is not known: the page was reached by its address. */
  previous: (() => void) | undefined;
  first: () => void;
  open: (id: string | undefined) => void;
}

/** Cursors of the pages before this one, kept with the history entry. */
interface Trail {
  trail?: readonly (string | undefined)[];
}

/** Reads and moves a list's place in the URL. `names` must be a constant of the module. */
export function usePlace<F extends string>(names: readonly F[]): PlaceControl<F> {
  const [params] = useSearchParams();
  const { state } = useLocation() as { state: Trail | null };
  const navigate = useNavigate();
  const place = useMemo(() => readPlace(params, names), [params, names]);
  const trail = state?.trail ?? [];

  const go = (next: Place<F>, options: { replace?: boolean; trail?: Trail["trail"]; keepScroll?: boolean } = {}) => {
    void navigate(
      { search: writePlace(next).toString() },
      {
        replace: options.replace ?? false,
        preventScrollReset: options.keepScroll ?? false,
        state: { trail: options.trail ?? [] } satisfies Trail,
      },
    );
  };

  return {
    place,
    filter: (patch, quietly = false) => go(withFilters(place, patch), { replace: quietly, keepScroll: true }),
    clear: () =>
      go({ filters: {} as Place<F>["filters"], after: undefined, page: 1, open: undefined }, { keepScroll: true }),
    next: (cursor) => go(nextPage(place, cursor), { trail: [...trail, place.after] }),
    previous:
      place.page > 1 && trail.length > 0
        ? () =>
            go({ ...place, after: trail.at(-1), page: place.page - 1, open: undefined }, { trail: trail.slice(0, -1) })
        : undefined,
    first: () => go({ ...place, after: undefined, page: 1, open: undefined }),
    open: (id) => go({ ...place, open: id }, { replace: place.open !== undefined, trail, keepScroll: true }),
  };
}
