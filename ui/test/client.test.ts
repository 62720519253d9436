// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";

import { body, createApi } from "../src/api/client";
import { OFFLINE, ProblemError } from "../src/api/problem";

const fetching = vi.fn<(request: Request) => Promise<Response>>();
const api = createApi({ baseUrl: "http://console", fetch: fetching });

afterEach(() => void fetching.mockReset());

const json = (status: number, content: unknown) =>
  new Response(JSON.stringify(content), { status, headers: { "Content-Type": "application/json" } });

test("every question names the language and proves that it comes from this page", async () => {
  fetching.mockResolvedValue(json(200, { status: "ok", version: "1" }));
  await expect(body(api.GET("/api/v1/health"))).resolves.toEqual({ status: "ok", version: "1" });
  const headers = fetching.mock.calls[0]?.[0].headers;
  expect(headers?.get("Accept-Language")).toBe("en");
  expect(headers?.get("X-Tallyward")).toBe("1");
});

test("a refusal is thrown as the server worded it", async () => {
  fetching.mockResolvedValue(
    json(404, { code: "incidents.unknown", detail: "There is no incident 9.", next: "Look in the queue." }),
  );
  const asked = body(api.GET("/api/v1/incidents/{incident_id}", { params: { path: { incident_id: 9 } } }));
  await expect(asked).rejects.toMatchObject({ problem: { status: 404, code: "incidents.unknown" } });
});

test("no answer at all is a problem of its own", async () => {
  fetching.mockRejectedValue(new TypeError("Failed to fetch"));
  const failed = await body(api.GET("/api/v1/health")).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ProblemError);
  expect((failed as ProblemError).problem.code).toBe(OFFLINE);
});

test("a question that is given up is not a problem", async () => {
  fetching.mockRejectedValue(new DOMException("given up", "AbortError"));
  await expect(body(api.GET("/api/v1/health"))).rejects.toMatchObject({ name: "AbortError" });
});

test("several states are asked for as several fields", async () => {
  fetching.mockResolvedValue(json(200, { rows: [], next_cursor: null }));
  await api.GET("/api/v1/incidents", { params: { query: { state: ["open", "contained"] } } });
  expect(fetching.mock.calls[0]?.[0].url).toBe("http://console/api/v1/incidents?state=open&state=contained");
});
