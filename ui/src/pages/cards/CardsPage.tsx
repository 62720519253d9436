import { useQuery } from "@tanstack/react-query";

import { api, body } from "../../api/client";
import { LIST_OPTIONS, useAreas, useCardClasses, useEnterprises } from "../../api/queries";
import { usePlace } from "../../app/usePlace";
import { CARD_FILTERS } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { FilterBar, Find, Pick } from "../../parts/Filters";
import { Page, Panel } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { Rows } from "../../parts/Rows";
import { Await, Nothing } from "../../parts/States";
import { useCardColumns } from "./cardColumns";

const REAL_NAME = ["active", "requested", "suspended", "none"] as const;
const CADENCE = ["live", "periodic", "daily"] as const;
type Cadence = (typeof CADENCE)[number];
type RealName = (typeof REAL_NAME)[number];

export default function CardsPage() {
  const { t } = useWords();
  const control = usePlace(CARD_FILTERS);
  const { filters, after } = control.place;
  const cards = useQuery({
    queryKey: ["cards", filters, after],
    queryFn: ({ signal }) => {
      const { real_name, cadence, with_incidents, ...texts } = filters;
      const query = {
        ...texts,
        ...(real_name === undefined ? {} : { real_name: real_name as RealName }),
        ...(cadence === undefined ? {} : { cadence: cadence as Cadence }),
        ...(with_incidents === "true" ? { with_incidents: true } : {}),
        ...(after === undefined ? {} : { cursor: after }),
      };
      return body(api.GET("/api/v1/cards", { params: { query }, signal }));
    },
    ...LIST_OPTIONS,
  });
  const columns = useCardColumns();
  const filtered = Object.keys(filters).length > 0;
  return (
    <Page title={t("cards.title")} note={t("cards.note")}>
      <Panel flush>
        <CardFilters control={control} />
        <Await query={cards} lines={12}>
          {({ rows, next_cursor }) =>
            rows.length === 0 ? (
              <Nothing
                title={t(filtered ? "cards.none_match" : "cards.none")}
                next={t(filtered ? "cards.none_match_next" : "cards.none_next")}
              />
            ) : (
              <>
                <Rows
                  caption={t("cards.title")}
                  rows={rows}
                  columns={columns}
                  rowKey={(card) => String(card.id)}
                  rowTestId="card-row"
                />
                <Pager control={control} shown={rows.length} nextCursor={next_cursor} />
              </>
            )
          }
        </Await>
      </Panel>
    </Page>
  );
}

function CardFilters({ control }: { control: ReturnType<typeof usePlace<(typeof CARD_FILTERS)[number]>> }) {
  const { t, named, pick } = useWords();
  const { place, filter, clear } = control;
  const { filters } = place;
  const classes = useCardClasses();
  const enterprises = useEnterprises();
  const areas = useAreas();
  return (
    <FilterBar onClear={Object.keys(filters).length > 0 ? clear : undefined}>
      <Find value={filters.q} onChange={(q) => filter({ q }, true)} label={t("cards.find")} testId="card-search" />
      <Pick
        name={t("field.card_class")}
        value={filters.card_class}
        onChange={(card_class) => filter({ card_class })}
        choices={(classes.data?.rows ?? []).map(({ code, title }) => ({ value: code, label: pick(title) }))}
      />
      <Pick
        name={t("field.real_name")}
        value={filters.real_name}
        onChange={(real_name) => filter({ real_name })}
        choices={REAL_NAME.map((value) => ({ value, label: named("real_name", value) }))}
      />
      <Pick
        name={t("field.holder")}
        value={filters.enterprise}
        onChange={(enterprise) => filter({ enterprise })}
        choices={(enterprises.data?.rows ?? []).map(({ code, name }) => ({ value: code, label: name }))}
      />
      <Pick
        name={t("field.home_area")}
        value={filters.area}
        onChange={(area) => filter({ area })}
        choices={(areas.data?.rows ?? []).map(({ code, title }) => ({ value: code, label: pick(title) }))}
      />
      <Pick
        name={t("field.cadence")}
        value={filters.cadence}
        onChange={(cadence) => filter({ cadence })}
        choices={CADENCE.map((value) => ({ value, label: named("cadence", value) }))}
      />
      <Pick
        name={t("nav.incidents")}
        value={filters.with_incidents}
        onChange={(with_incidents) => filter({ with_incidents })}
        choices={[{ value: "true", label: t("cards.with_incidents") }]}
      />
    </FilterBar>
  );
}
