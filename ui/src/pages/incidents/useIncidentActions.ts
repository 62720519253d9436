import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "../../api/client";
import type { IncidentDetail } from "../../api/model";
import type { IncidentEvent } from "./lifeCycle";

export interface EventWish {
  id: number;
  event: IncidentEvent;
  reason: string | null;
}

/** What is done with an incident. Each answer is the incident as it now is, and goes where it is shown. */
export function useIncidentActions() {
  const queries = useQueryClient();
  const taken = (incident: IncidentDetail) => {
    queries.setQueryData(["incident", incident.id], incident);
    void queries.invalidateQueries({ queryKey: ["incidents"] });
    void queries.invalidateQueries({ queryKey: ["situation"] });
    if (incident.card !== null) void queries.invalidateQueries({ queryKey: ["card", incident.card.id] });
  };
  const act = useMutation({
    mutationFn: ({ id, event, reason }: EventWish) =>
      body(
        api.POST("/api/v1/incidents/{incident_id}/events", {
          params: { path: { incident_id: id } },
          body: { event, reason },
        }),
      ),
    onSuccess: taken,
    onError: (_, { id }) => void queries.invalidateQueries({ queryKey: ["incident", id] }), // somebody may have been faster
  });
  const assign = useMutation({
    mutationFn: ({ id, name }: { id: number; name: string | null }) =>
      body(
        api.PUT("/api/v1/incidents/{incident_id}/assignee", { params: { path: { incident_id: id } }, body: { name } }),
      ),
    onSuccess: taken,
  });
  const comment = useMutation({
    mutationFn: ({ id, text }: { id: number; text: string }) =>
      body(
        api.POST("/api/v1/incidents/{incident_id}/comments", { params: { path: { incident_id: id } }, body: { text } }),
      ),
    onSuccess: taken,
  });
  return { act, assign, comment };
}
