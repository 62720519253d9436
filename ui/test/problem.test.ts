import { expect, test } from "vitest";

import { isStatus, OFFLINE, ProblemError, problemOf, readProblem, UNREADABLE } from "../src/api/problem";

test("problem details are taken as they are worded", () => {
  const problem = readProblem(409, {
    title: "Conflict",
    detail: "It is resolved.",
    code: "incidents.event_not_allowed",
    next: "Reload.",
    parameters: { state: "resolved" },
  });
  expect(problem).toMatchObject({
    status: 409,
    detail: "It is resolved.",
    code: "incidents.event_not_allowed",
    next: "Reload.",
  });
});

test.each([null, "<html>Bad Gateway</html>", 7, [], { code: 5, parameters: "x" }])(
  "a body that is no problem (%j) gets our own code",
  (body) => {
    expect(readProblem(502, body)).toMatchObject({ status: 502, code: UNREADABLE, detail: "", parameters: {} });
  },
);

test("what is no refusal of the API counts as no answer", () => {
  expect(problemOf(new TypeError("Failed to fetch")).code).toBe(OFFLINE);
  expect(problemOf(undefined).code).toBe(OFFLINE);
});

test("a refusal knows its status", () => {
  const error = new ProblemError(readProblem(401, {}));
  expect(isStatus(error, 401)).toBe(true);
  expect(isStatus(error, 403)).toBe(false);
  expect(isStatus(new Error("401"), 401)).toBe(false);
});
