import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { useMay } from "../app/session";
import { api, body } from "./client";

const LONG = 5 * 60_000;

export function useSituation() {
  return useQuery({
    queryKey: ["situation"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/situation", { signal })),
    enabled: useMay("situation:read"),
    staleTime: 30_000,
  });
}

/** Incidents not yet closed, for the badge beside the menu. */
export function useOpenIncidents(): number | undefined {
  return useSituation().data?.incidents.open;
}

export function useRules() {
  return useQuery({
    queryKey: ["rules", "list"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/rules", { signal })),
    staleTime: LONG,
  });
}

/** One rule with its text and versions; asked only where the reader may see texts. */
export function useRule(id: string, wanted = true) {
  return useQuery({
    queryKey: ["rules", "one", id],
    queryFn: ({ signal }) => body(api.GET("/api/v1/rules/{rule}", { params: { path: { rule: id } }, signal })),
    enabled: useMay("rule_text:read") && wanted,
    staleTime: LONG,
  });
}

/** What is usual of each class of cards; asked only where the reader may see sources. */
export function useBaselines() {
  return useQuery({
    queryKey: ["rules", "baselines"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/rules/baselines", { signal })),
    enabled: useMay("source:read"),
    staleTime: LONG,
  });
}

export function useEnterprises() {
  return useQuery({
    queryKey: ["enterprises"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/enterprises", { signal })),
    staleTime: LONG,
  });
}

export function useAreas() {
  return useQuery({
    queryKey: ["areas"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/areas", { signal })),
    staleTime: LONG,
  });
}

export function useCardClasses() {
  return useQuery({
    queryKey: ["card-classes"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/card-classes", { signal })),
    staleTime: LONG,
  });
}

export function useSources() {
  return useQuery({
    queryKey: ["sources"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/sources", { signal })),
    staleTime: 30_000,
  });
}

/** How the continuous intakes do; looked at again and again, since nothing tells of it. */
export function useIntakes() {
  return useQuery({
    queryKey: ["intakes"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/intakes", { signal })),
    refetchInterval: 5_000,
  });
}

/** Names to hand work to; asked only where the reader may see them. */
export function useUserNames() {
  return useQuery({
    queryKey: ["users", "names"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/users", { signal })),
    enabled: useMay("user:read"),
    staleTime: LONG,
  });
}

/** How a page of a list is asked for: the rows on screen stay until the next ones are there. */
export const LIST_OPTIONS = { placeholderData: keepPreviousData } as const;

export interface StatisticsFilters {
  operator?: string;
  card_class?: string;
  area?: string;
  since: string;
  until: string;
}

/** Cards of now, and how many joined in each step of a period. */
export function useCardStatistics(filters: StatisticsFilters, step: "day" | "week" | "month") {
  return useQuery({
    queryKey: ["statistics", "cards", filters, step],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/statistics/cards", { params: { query: { ...filters, step } }, signal })),
    staleTime: 60_000,
    ...LIST_OPTIONS,
  });
}

/** What became of the incidents of a period. */
export function useIncidentStatistics(filters: StatisticsFilters) {
  return useQuery({
    queryKey: ["statistics", "incidents", filters],
    queryFn: ({ signal }) => body(api.GET("/api/v1/statistics/incidents", { params: { query: filters }, signal })),
    staleTime: 60_000,
    ...LIST_OPTIONS,
  });
}
