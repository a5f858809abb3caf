import type { Field } from '../fields.ts';
import type { PanelModel } from '../model.ts';

/** A cell: a label, a value, or nothing. */
export type Cell = string | number | undefined;

/** What a table shows. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

type Row = Readonly<Record<string, Cell>>;

interface Organize {
  readonly excludeByName?: Readonly<Record<string, boolean>>;
  readonly indexByName?: Readonly<Record<string, number>>;
  readonly renameByName?: Readonly<Record<string, string>>;
}

/** The table of instant answers: a row for each series, then what the panel's transformations make of them. */
export function tableOf({ targets = [], transformations = [], options }: PanelModel, fields: readonly Field[]): Table {
  const answers = targets.map(({ refId }) =>
    fields
      .filter((field) => field.refId === refId)
      .map(({ labels, values }) => {
        const [time, value] = values.at(-1) ?? [];
        const { __name__, ...shown } = labels;
        return { Time: time && time * 1000, ...shown, [targets.length > 1 ? `Value #${refId}` : 'Value']: value };
      }),
  );
  let rows: Row[] = answers.flat();
  let columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  for (const { id, options } of transformations) {
    if (id === 'merge') rows = merged(answers);
    else if (id === 'organize') ({ rows, columns } = organized(rows, columns, options));
    else throw new Error(`the transformation ${id} is not known here`);
  }
  for (const { displayName, desc } of options?.sortBy ?? []) {
    rows = rows.toSorted((a, b) => (desc ? -1 : 1) * compared(a[displayName], b[displayName]));
  }
  return { columns, rows: rows.map((row) => columns.map((column) => row[column])) };
}

/** Rows whose common columns are equal become one (packages/grafana-data/src/transformations/transformers/merge.ts). */
function merged(answers: readonly Row[][]): Row[] {
  const tables = answers.filter((rows) => rows.length > 0).map((rows) => Object.keys(Object.assign({}, ...rows)));
  const common = (tables[0] ?? []).filter((column) => tables.every((columns) => columns.includes(column)));
  const byKey = new Map<string, Row[]>();
  for (const row of answers.flat()) {
    const key = JSON.stringify(common.map((column) => row[column] ?? null));
    const found = byKey.get(key) ?? [];
    const fitting = found.findIndex((other) =>
      Object.keys(row).every((column) => other[column] === undefined || other[column] === row[column]),
    );
    if (fitting === -1) found.push(row);
    else found[fitting] = { ...found[fitting], ...row };
    byKey.set(key, found);
  }
  return [...byKey.values()].flat();
}

function organized(rows: Row[], columns: string[], { excludeByName, indexByName, renameByName }: Organize) {
  const place = (column: string) => indexByName?.[column] ?? Number.MAX_SAFE_INTEGER;
  const kept = columns.filter((column) => !excludeByName?.[column]).sort((a, b) => place(a) - place(b));
  const renamed = (column: string) => renameByName?.[column] ?? column;
  return {
    columns: kept.map(renamed),
    rows: rows.map((row) => Object.fromEntries(kept.map((column) => [renamed(column), row[column]]))),
  };
}

function compared(a: Cell, b: Cell): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
