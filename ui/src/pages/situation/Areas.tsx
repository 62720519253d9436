import { Segmented } from "antd";
import { useState, type CSSProperties } from "react";
import { Link } from "react-router";

import type { AreaTotals } from "../../api/model";
import { useMay } from "../../app/session";
import { NOT_CLOSED, ways } from "../../app/ways";
import { useWords } from "../../i18n/language";
import { Chip } from "../../parts/Marks";
import { NumberLink } from "../../parts/NumberLink";
import { Panel } from "../../parts/Page";
import { GRID_COLUMNS, PROVINCES, provinceOf, type ProvinceTile } from "./provinces";
import styles from "./Situation.module.css";

type Count = "incidents" | "cards";

/** Shades a tile may have; the figure stands in it too. */
const LEVELS = 5;

/** Where it happens: a tile for each of the 34 provincial divisions, and a list of all other areas. */
export function Areas({ areas }: { areas: readonly AreaTotals[] }) {
  const { t } = useWords();
  const [count, setCount] = useState<Count>("incidents");
  const to = useWayTo(count);
  const byTile = new Map(areas.map((area) => [provinceOf(area.code)?.code, area]));
  const others = areas.filter((area) => provinceOf(area.code) === undefined);
  const most = Math.max(1, ...areas.map((area) => area[count]));
  return (
    <Panel
      title={t("situation.areas")}
      note={
        <Segmented<Count>
          size="small"
          value={count}
          onChange={setCount}
          options={[
            { value: "incidents", label: t("situation.open_incidents") },
            { value: "cards", label: t("situation.cards") },
          ]}
        />
      }
      flush
    >
      <ul
        className={styles["tiles"]}
        data-testid="province-grid"
        style={{ gridTemplateColumns: `repeat(${GRID_COLUMNS}, minmax(0, 1fr))` }}
      >
        {PROVINCES.map((tile) => (
          <Tile
            key={tile.code}
            tile={tile}
            n={byTile.get(tile.code)?.[count] ?? 0}
            {...{ most, count }}
            to={to(byTile.get(tile.code))}
          />
        ))}
      </ul>
      {others.length > 0 && <Others areas={others} count={count} to={to} />}
    </Panel>
  );
}

interface TileProps {
  tile: ProvinceTile;
  n: number;
  most: number;
  count: Count;
  to: string | null;
}

function Tile({ tile, n, most, count, to }: TileProps) {
  const { t, named, short } = useTileWords();
  const level = n === 0 ? 0 : Math.max(1, Math.ceil((Math.log1p(n) / Math.log1p(most)) * LEVELS));
  const tint = count === "incidents" ? "var(--high)" : "var(--primary)";
  const look = { "--level": level, "--tint": tint } as CSSProperties;
  const name = named("province_name", tile.code);
  const label = t(count === "incidents" ? "situation.tile_incidents" : "situation.tile_cards", { name, n });
  const inside = (
    <>
      <b>{named("province_short", tile.code)}</b>
      {n === 0 ? <span aria-hidden="true">·</span> : <span>{short(n)}</span>}
      <span className="unseen">{label}</span>
    </>
  );
  const marks = { className: styles["tile"] ?? "", style: look, title: name, "data-empty": n === 0 };
  return (
    <li style={{ gridColumn: tile.column, gridRow: tile.row }}>
      {to === null ? (
        <div {...marks}>{inside}</div>
      ) : (
        <Link to={to} {...marks}>
          {inside}
        </Link>
      )}
    </li>
  );
}

function Others({
  areas,
  count,
  to,
}: {
  areas: readonly AreaTotals[];
  count: Count;
  to: (area: AreaTotals) => string | null;
}) {
  const { t, pick } = useWords();
  return (
    <div className={styles["others"]}>
      <h3>{t("situation.other_areas")}</h3>
      <ul>
        {areas.map((area) => (
          <li key={area.code}>
            <span>
              {pick(area.title)} {area.fraud_prone && <Chip tone="medium">{t("area.fraud_prone")}</Chip>}
            </span>
            <NumberLink n={area[count]} to={area[count] === 0 ? null : to(area)} label={pick(area.title)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function useTileWords() {
  const words = useWords();
  const compact = new Intl.NumberFormat(words.language, { notation: "compact", maximumFractionDigits: 1 });
  return { ...words, short: (n: number) => compact.format(n) };
}

function useWayTo(count: Count): (area: AreaTotals | undefined) => string | null {
  const may = useMay(count === "incidents" ? "incident:read" : "card:read");
  return (area) => {
    if (!may || area === undefined) return null;
    return count === "incidents"
      ? ways.incidents({ area: area.code, state: NOT_CLOSED })
      : ways.cards({ area: area.code });
  };
}
