/**
 * The 34 provincial divisions as tiles on a grid of nine columns: neighbours lie near each other, no border is drawn.
 * `code` is ISO 3166-2:CN without "CN-"; `number` is the division's number in GB/T 2260.
 */
export interface ProvinceTile {
  code: string;
  number: string;
  column: number;
  row: number;
}

const ROWS: readonly string[] = [
  ".. .. .. .. .. .. .. .. HL",
  ".. .. .. .. .. NM .. .. JL",
  "XJ .. GS NX SX HE BJ TJ LN",
  "XZ QH .. SN HA SD .. .. ..",
  ".. .. SC CQ HB AH JS SH ..",
  ".. .. YN GZ HN JX ZJ .. ..",
  ".. .. .. GX GD FJ .. TW ..",
  ".. .. .. HI MO HK .. .. ..",
];

const NUMBERS: Readonly<Record<string, string>> = {
  BJ: "11",
  TJ: "12",
  HE: "13",
  SX: "14",
  NM: "15",
  LN: "21",
  JL: "22",
  HL: "23",
  SH: "31",
  JS: "32",
  ZJ: "33",
  AH: "34",
  FJ: "35",
  JX: "36",
  SD: "37",
  HA: "41",
  HB: "42",
  HN: "43",
  GD: "44",
  GX: "45",
  HI: "46",
  CQ: "50",
  SC: "51",
  GZ: "52",
  YN: "53",
  XZ: "54",
  SN: "61",
  GS: "62",
  QH: "63",
  NX: "64",
  XJ: "65",
  TW: "71",
  HK: "81",
  MO: "82",
};

export const GRID_COLUMNS = 9;

export const PROVINCES: readonly ProvinceTile[] = ROWS.flatMap((line, row) =>
  line.split(" ").flatMap((code, column) => {
    const number = NUMBERS[code];
    return number === undefined ? [] : [{ code, number, column: column + 1, row: row + 1 }];
  }),
);

const BY_NAME = new Map(
  PROVINCES.flatMap(
    (tile) =>
      [
        [tile.code, tile],
        [tile.number, tile],
      ] as const,
  ),
);

/** Two letters alone name a country, save for these three, which have both. */
const CODE_FORM = /^(?:CN-([A-Z]{2}|\d{2})|(\d{2})(?:0000)?|(HK|MO|TW))$/;

/** The tile of an area's code, written as CN-GD, CN-44, 44 or 440000; undefined for any other area. */
export function provinceOf(areaCode: string): ProvinceTile | undefined {
  const parts = CODE_FORM.exec(areaCode.toUpperCase());
  const short = parts?.[1] ?? parts?.[2] ?? parts?.[3];
  return short === undefined ? undefined : BY_NAME.get(short);
}
