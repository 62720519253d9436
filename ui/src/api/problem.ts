import type { Blanks } from "../i18n/messages";

/** RFC 9457 problem details as the console's API words them, in the language that was asked for. */
export interface ProblemDetails {
  status: number;
  title: string;
  detail: string;
  code: string;
  next: string;
  parameters: Blanks;
}

/** A refusal of the API. `offline` where no answer came at all. */
export class ProblemError extends Error {
  readonly problem: ProblemDetails;

  constructor(problem: ProblemDetails) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** Codes this client gives itself, worded in our catalogue under `problem.*`. */
export const OFFLINE = "console.offline";
export const UNREADABLE = "console.unreadable";

/** What a body that came with a failing status says; fills in what it leaves out. */
export function readProblem(status: number, body: unknown): ProblemDetails {
  const given = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof given[name] === "string" ? given[name] : "");
  const parameters = given["parameters"];
  return {
    status,
    title: text("title"),
    detail: text("detail"),
    code: text("code") || UNREADABLE,
    next: text("next"),
    parameters: typeof parameters === "object" && parameters !== null ? (parameters as Blanks) : {},
  };
}

export function problemOf(error: unknown): ProblemDetails {
  if (error instanceof ProblemError) return error.problem;
  return { status: 0, title: "", detail: "", code: OFFLINE, next: "", parameters: {} };
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ProblemError && error.problem.status === status;
}
