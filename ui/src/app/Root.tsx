import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "react-router";

import { isStatus, ProblemError } from "../api/problem";
import { LanguageProvider } from "../i18n/language";
import { ThemeProvider } from "../theme/theme";
import { router } from "./routes";

const MOST_TRIES = 2;

/** A session that ended shows up as 401 on whatever was asked: ask who we are, and the sign-in page follows. */
function onFailure(error: unknown): void {
  if (isStatus(error, 401)) void queries.invalidateQueries({ queryKey: ["session"] });
}

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: onFailure }),
  mutationCache: new MutationCache({ onError: onFailure }),
  defaultOptions: {
    // The server may be this very machine: a browser that thinks itself offline asks all the same.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      staleTime: 10_000,
      gcTime: 10 * 60_000,
      retry: (count, error) =>
        count < MOST_TRIES &&
        !(error instanceof ProblemError && error.problem.status >= 400 && error.problem.status < 500),
    },
  },
});

export function Root() {
  return (
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <ThemeProvider>
          <RouterProvider router={router} />
        </ThemeProvider>
      </LanguageProvider>
    </QueryClientProvider>
  );
}
