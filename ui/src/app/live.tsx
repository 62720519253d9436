import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

import { openEventStream, type StreamStatus } from "../api/eventStream";

/** What the API tells while it happens; `event` names the kind. */
export interface IncidentNews {
  id: number;
  rule: string;
  state: string;
  card: number | null;
  severity: string;
  opened: boolean;
}

type Listener = (news: IncidentNews) => void;

interface Live {
  status: StreamStatus;
  /** Calls back on every incident that opens or changes; returns how to stop. */
  onIncident: (listener: Listener) => () => void;
}

const LiveContext = createContext<Live | null>(null);

/** Counts are asked anew at most this often while events pour in. */
const SETTLE_MS = 3_000;

const EVENTS_URL = "/api/v1/events";

export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [status, setStatus] = useState<StreamStatus>("connecting");
  const listeners = useRef(new Set<Listener>());

  useEffect(() => {
    const stale = settling((keys) => keys.forEach((key) => void queries.invalidateQueries({ queryKey: [key] })));
    const stream = openEventStream({
      url: EVENTS_URL,
      onStatus: (next) => {
        setStatus(next);
        if (next === "refused") void queries.invalidateQueries({ queryKey: ["session"] });
      },
      onEvent: ({ type, data }) => {
        stale.add("situation");
        if (type === "records") stale.add("sources");
        if (type !== "incident") return;
        const news = readNews(data);
        if (news === null) return;
        void queries.invalidateQueries({ queryKey: ["incident", news.id] });
        listeners.current.forEach((tell) => tell(news));
      },
    });
    return () => {
      stream.close();
      stale.stop();
    };
  }, [queries]);

  const live = useMemo<Live>(
    () => ({
      status,
      onIncident: (listener) => {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [status],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error("useLive is used outside LiveProvider");
  return live;
}

function readNews(data: string): IncidentNews | null {
  try {
    const news: unknown = JSON.parse(data);
    return typeof news === "object" && news !== null && "id" in news ? (news as IncidentNews) : null;
  } catch {
    return null;
  }
}

/** Gathers names and hands them on together, SETTLE_MS after the first. */
function settling(flush: (names: string[]) => void) {
  const names = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add: (name: string) => {
      names.add(name);
      timer ??= setTimeout(() => {
        timer = undefined;
        flush([...names]);
        names.clear();
      }, SETTLE_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
