/**
 * Where a reader stands in a list: its filters, its page and the row that is open. All of it lives in the URL, so that
 * "back" keeps the place and a link shows a colleague the same rows.
 */
export interface Place<F extends string> {
  filters: Readonly<Partial<Record<F, string>>>;
  /** Cursor of the page; absent on the first. */
  after: string | undefined;
  /** Number of the page, from 1, for people. */
  page: number;
  /** Id of the row whose panel is open. */
  open: string | undefined;
}

const AFTER = "after";
const PAGE = "page";
const OPEN = "open";

export function readPlace<F extends string>(params: URLSearchParams, names: readonly F[]): Place<F> {
  const filters: Partial<Record<F, string>> = {};
  for (const name of names) {
    const value = params.get(name)?.trim();
    if (value) filters[name] = value;
  }
  const after = given(params, AFTER);
  const page = Number(params.get(PAGE));
  return {
    filters,
    after,
    page: after !== undefined && Number.isInteger(page) && page > 1 ? page : 1,
    open: given(params, OPEN),
  };
}

function given(params: URLSearchParams, name: string): string | undefined {
  const value = params.get(name);
  return value === "" ? undefined : (value ?? undefined);
}

export function writePlace<F extends string>(place: Partial<Place<F>>): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries<string | undefined>(place.filters ?? {})) {
    if (value) params.set(name, value);
  }
  if (place.after !== undefined) {
    params.set(AFTER, place.after);
    params.set(PAGE, String(place.page ?? 2));
  }
  if (place.open !== undefined) params.set(OPEN, place.open);
  return params;
}

/** Other filters mean other rows: back to the first page, and nothing open. */
export function withFilters<F extends string>(
  place: Place<F>,
  patch: Partial<Record<F, string | undefined>>,
): Place<F> {
  const wanted = Object.entries({ ...place.filters, ...patch }).filter(([, value]) => Boolean(value));
  const filters = Object.fromEntries(wanted) as Partial<Record<F, string>>;
  return { filters, after: undefined, page: 1, open: undefined };
}

export function nextPage<F extends string>(place: Place<F>, cursor: string): Place<F> {
  return { ...place, after: cursor, page: place.page + 1, open: undefined };
}

/** An address with these query fields, empty ones left out. */
export function hrefTo(path: string, fields: Readonly<Record<string, string | number | undefined>> = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== "") params.set(name, String(value));
  }
  const query = params.toString();
  return query === "" ? path : `${path}?${query}`;
}
