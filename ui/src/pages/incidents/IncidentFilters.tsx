import { useAreas, useRules, useUserNames } from "../../api/queries";
import { useMay, useMe } from "../../app/session";
import type { PlaceControl } from "../../app/usePlace";
import { NOT_CLOSED, type IncidentFilter } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { FilterBar, Pick } from "../../parts/Filters";
import { NOBODY } from "./filters";
import { STATES } from "./lifeCycle";

const SEVERITIES = ["high", "medium", "low"] as const;

export function IncidentFilters({ control }: { control: PlaceControl<IncidentFilter> }) {
  const { t, named, pick } = useWords();
  const me = useMe();
  const { place, filter, clear } = control;
  const { filters } = place;
  const rules = useRules();
  const areas = useAreas();
  const users = useUserNames();
  const mayNames = useMay("user:read");
  const others = (users.data?.rows ?? []).filter(({ name }) => name !== me.name);
  return (
    <FilterBar onClear={Object.keys(filters).length > 0 ? clear : undefined}>
      <Pick
        name={t("field.state")}
        testId="filter-state"
        value={filters.state}
        onChange={(state) => filter({ state })}
        choices={[
          { value: NOT_CLOSED, label: t("incident_state.not_closed") },
          ...STATES.map((value) => ({ value, label: named("incident_state", value) })),
        ]}
      />
      <Pick
        name={t("field.severity")}
        testId="filter-severity"
        value={filters.severity}
        onChange={(severity) => filter({ severity })}
        choices={SEVERITIES.map((value) => ({ value, label: named("severity", value) }))}
      />
      <Pick
        name={t("field.rule")}
        testId="filter-rule"
        value={filters.rule}
        onChange={(rule) => filter({ rule })}
        choices={(rules.data?.rows ?? []).map(({ id, title }) => ({ value: id, label: `${id} ${pick(title)}` }))}
      />
      <Pick
        name={t("field.area")}
        value={filters.area}
        onChange={(area) => filter({ area })}
        choices={(areas.data?.rows ?? []).map(({ code, title }) => ({ value: code, label: pick(title) }))}
      />
      {mayNames && (
        <Pick
          name={t("field.assignee")}
          testId="filter-assignee"
          value={filters.assignee}
          onChange={(assignee) => filter({ assignee })}
          choices={[
            { value: me.name, label: t("incident.mine") },
            { value: NOBODY, label: t("incident.nobody") },
            ...others.map(({ name, display_name }) => ({ value: name, label: display_name })),
          ]}
        />
      )}
      {filters.card !== undefined && (
        <Pick
          name={t("field.card")}
          value={filters.card}
          onChange={(card) => filter({ card })}
          choices={[{ value: filters.card, label: t("incident.one_card", { id: filters.card }) }]}
        />
      )}
      {filters.day !== undefined && (
        <Pick name={t("field.day")} value={filters.day} onChange={(day) => filter({ day })} choices={[]} />
      )}
    </FilterBar>
  );
}
