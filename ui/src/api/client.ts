import createClient, { type ClientOptions, type Middleware } from "openapi-fetch";

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
  onError: ({ error }) => {
    if (error instanceof ProblemError || isGivenUp(error)) return undefined; // thrown on as it is
    return new ProblemError({ status: 0, title: "", detail: "", code: OFFLINE, next: "", parameters: {} });
  },
};

function isGivenUp(error: unknown): boolean {
  return typeof error === "object" && error !== null && "name" in error && error.name === "AbortError";
}

/** The API's questions, typed by its document; `options` are for tests. */
export function createApi(options: ClientOptions = {}) {
  const made = createClient<paths>({ ...options, headers: SAME_PAGE });
  made.use(speak);
  return made;
}

export const api = createApi();

/** The body of an answer; a failing one has been thrown as ProblemError before this. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
