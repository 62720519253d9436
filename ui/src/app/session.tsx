import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, use } from "react";

import { api, body } from "../api/client";
import type { Me } from "../api/model";
import { isStatus } from "../api/problem";

const SESSION = ["session"] as const;

/** Who is signed in; null when nobody is. */
export function useSession() {
  return useQuery({
    queryKey: SESSION,
    queryFn: async (): Promise<Me | null> => {
      try {
        return await body(api.GET("/api/v1/session"));
      } catch (error) {
        if (isStatus(error, 401)) return null;
        throw error;
      }
    },
    staleTime: Infinity,
  });
}

/** Takes what a sign-in or a new password answered; rows seen before belong to somebody else and go. */
export function useEnter() {
  const queries = useQueryClient();
  return (me: Me) => {
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] });
    queries.setQueryData(SESSION, me);
  };
}

export function useSignOut() {
  const queries = useQueryClient();
  return async () => {
    await api.DELETE("/api/v1/session").catch(() => undefined); // a session that is gone already is signed out too
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] });
    queries.setQueryData(SESSION, null);
  };
}

export const MeContext = createContext<Me | null>(null);

/** The person on whose behalf a page is shown; pages stand behind the sign-in only. */
export function useMe(): Me {
  const me = use(MeContext);
  if (me === null) throw new Error("useMe is used before sign-in");
  return me;
}

export function useMay(permission: string): boolean {
  return useMe().permissions.includes(permission);
}
