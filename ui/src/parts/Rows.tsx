import type { MouseEvent, ReactNode } from "react";

import { useDensity } from "../app/preferences";
import { useNarrow } from "../theme/mediaQuery";
import styles from "./Rows.module.css";
import { useOverflow } from "./useOverflow";

export interface Column<R> {
  key: string;
  title: string;
  cell: (row: R) => ReactNode;
  numeric?: boolean;
  nowrap?: boolean;
  width?: string;
  /** The heading is for screen readers only. */
  bare?: boolean;
  /** Where the value goes when rows become cards: its heading, beside the heading, nowhere; else name and value below. */
  onCard?: "head" | "side" | "none";
}

interface RowsProps<R> {
  /** Names the table to a screen reader. */
  caption: string;
  rows: readonly R[];
  columns: readonly Column<R>[];
  rowKey: (row: R) => string;
  rowTestId?: string;
  testId?: string;
  selected?: string | undefined;
  fresh?: ReadonlySet<string>;
  onOpen?: (row: R) => void;
  /** Cards however wide the page: where the rows stand in something narrow. */
  asCards?: boolean;
}

/** A table; cards on a phone. A click anywhere on a row opens it, links inside keep their own way. */
export function Rows<R>({ asCards = false, ...props }: RowsProps<R>) {
  const narrow = useNarrow();
  return narrow || asCards ? <CardRows {...props} /> : <TableRows {...props} />;
}

function TableRows<R>({ caption, rows, columns, rowKey, testId, ...row }: RowsProps<R>) {
  const density = useDensity();
  const { place, overflows } = useOverflow<HTMLDivElement>();
  const reachable = overflows ? { tabIndex: 0, role: "region", "aria-label": caption } : {};
  return (
    <div ref={place} className={styles["scroll"]} {...reachable}>
      <table className={styles["table"]} data-density={density} data-testid={testId}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={cellClass(column)} style={{ width: column.width }}>
                {column.bare ? <span className="unseen">{column.title}</span> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={rowKey(one)} {...rowMarks(one, rowKey(one), row)}>
              {columns.map((column) => (
                <td key={column.key} className={cellClass(column)}>
                  {column.cell(one)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CardRows<R>({ caption, rows, columns, rowKey, testId, ...row }: RowsProps<R>) {
  const head = columns.filter((column) => column.onCard === "head");
  const side = columns.filter((column) => column.onCard === "side");
  const rest = columns.filter((column) => column.onCard === undefined);
  return (
    <ul className={styles["cards"]} aria-label={caption} data-testid={testId}>
      {rows.map((one) => (
        <li key={rowKey(one)} {...rowMarks(one, rowKey(one), row)}>
          <div className={styles["cardTop"]}>
            <div className={styles["cardHead"]}>
              {head.map((column) => (
                <div key={column.key}>{column.cell(one)}</div>
              ))}
            </div>
            <div className={styles["cardSide"]}>
              {side.map((column) => (
                <div key={column.key}>{column.cell(one)}</div>
              ))}
            </div>
          </div>
          <dl className={styles["cardRest"]}>
            {rest.map((column) => (
              <div key={column.key}>
                <dt>{column.title}</dt>
                <dd>{column.cell(one)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

type RowMarks<R> = Pick<RowsProps<R>, "rowTestId" | "selected" | "fresh" | "onOpen">;

function rowMarks<R>(row: R, key: string, { rowTestId, selected, fresh, onOpen }: RowMarks<R>) {
  return {
    "data-testid": rowTestId,
    "data-key": key,
    "data-selected": key === selected ? true : undefined,
    "data-fresh": fresh?.has(key) ? true : undefined,
    className: onOpen === undefined ? undefined : styles["opens"],
    onClick: onOpen === undefined ? undefined : (event: MouseEvent) => isPlain(event) && onOpen(row),
  };
}

/** Not on a link or button of the row, and not the end of marking text. */
function isPlain(event: MouseEvent): boolean {
  const control = (event.target as Element).closest("a, button, input");
  return control === null && (window.getSelection()?.toString() ?? "") === "";
}

function cellClass<R>({ numeric, nowrap }: Column<R>): string | undefined {
  return numeric ? styles["numeric"] : nowrap ? styles["nowrap"] : undefined;
}
