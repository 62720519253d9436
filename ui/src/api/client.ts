import createClient, { type Middleware } from "openapi-fetch";

import { currentLanguage } from "../i18n/language";
import { OFFLINE, ProblemError, readProblem } from "./problem";
import type { paths } from "./schema";

/** Proves to the API that a change comes from this page and not from a form elsewhere. */
const SAME_PAGE = { "X-Tallyward": "1" };

const speak: Middleware = {
  onRequest: ({ request }) => {
    request.headers.set("Accept-Language", currentLanguage());
    return request;
  },
  onResponse: async ({ response }) => {
    if (response.ok) return undefined;
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => null);
    throw new ProblemError(readProblem(response.status, body));
  },
  onError: ({ error }) =>
    error instanceof ProblemError || (error instanceof Error && error.name === "AbortError")
      ? error
      : new ProblemError({ status: 0, title: "", detail: "", code: OFFLINE, next: "", parameters: {} }),
};

export const api = createClient<paths>({ headers: SAME_PAGE });
api.use(speak);

/** The body of an answer; a failing one has been thrown as ProblemError before this. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
