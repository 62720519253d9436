import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";

import type { IncidentRow } from "../../api/model";
import { useLive } from "../../app/live";
import { belongs, type IncidentFilters } from "./filters";

const SETTLE_MS = 1_000;

/**
 * Incidents that opened since the rows on screen were asked for. They wait behind a marker, so that no row moves under
 * a reader's hand; rows that are on screen and change are asked anew.
 */
export function useNews(filters: IncidentFilters, rows: readonly IncidentRow[] | undefined) {
  const queries = useQueryClient();
  const { onIncident } = useLive();
  const [arrived, setArrived] = useState<ReadonlySet<number>>(new Set());
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const seen = useRef({ filters, ids: new Set<number>() });
  const ids = useMemo(() => new Set(rows?.map((row) => row.id)), [rows]);

  useEffect(() => {
    seen.current = { filters, ids };
  }, [filters, ids]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const askAnew = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ queryKey: ["incidents"] });
      }, SETTLE_MS);
    };
    const stop = onIncident((news) => {
      const { filters: now, ids: shown } = seen.current;
      if (shown.has(news.id) || (news.opened && shown.size === 0)) askAnew();
      else if (news.opened && belongs(news, now)) setArrived((before) => new Set(before).add(news.id));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [onIncident, queries]);

  const waiting = [...arrived].filter((id) => !ids.has(id));
  return {
    /** How many wait to be shown. */
    count: waiting.length,
    /** Rows that the reader has just let in, to be marked for a moment. */
    fresh: taken,
    /** Lets them in. */
    take: () => {
      setTaken(new Set(waiting.map(String)));
      setArrived(new Set());
      void queries.invalidateQueries({ queryKey: ["incidents"] });
    },
    forget: () => setArrived(new Set()),
  };
}
