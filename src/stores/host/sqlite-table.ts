import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** Rows of one kind in a table whose columns are called as their fields are. */
export interface Table<Row> {
  /** Adds a row, or replaces the one with its key, in its place. */
  readonly put: (row: Row) => void;
  /** The first of the rows that fulfil this condition. */
  readonly first: (condition: string, ...values: readonly SQLInputValue[]) => Row | undefined;
  readonly all: (condition: string, ...values: readonly SQLInputValue[]) => Row[];
  /** How many rows are gone. */
  readonly remove: (condition: string, ...values: readonly SQLInputValue[]) => number;
}

/** How a field stands in its column, where it is not text, number or bytes. */
export interface Column<Value> {
  readonly write: (value: Value) => SQLInputValue;
  readonly read: (value: SQLOutputValue | undefined) => Value;
}

/** The columns of a table: every field of its rows once. */
export type Columns<Row> = { readonly [Field in keyof Row]-?: Column<Row[Field]> };

/** Text, a number or bytes, as SQLite keeps them itself. */
export function plain<Value extends string | number | Uint8Array>(): Column<Value> {
  return { write: (value) => value, read: (value) => value as Value };
}

/** A list, as JSON. */
export function json<Value>(): Column<Value> {
  return { write: (value) => JSON.stringify(value), read: (value) => JSON.parse(String(value)) as Value };
}

export const yesNo: Column<boolean> = { write: Number, read: (value) => value === 1 };

/** A table of a database by its name, the columns that tell its rows apart, and all of its columns. */
export function tableOf<Row extends object>(
  database: DatabaseSync,
  name: string,
  key: readonly (keyof Row & string)[],
  columns: Columns<Row>,
): Table<Row> {
  const fields = Object.keys(columns) as (keyof Row & string)[];
  const others = fields.filter((field) => !key.includes(field));
  const upsert = database.prepare(
    `INSERT INTO ${name} (${fields.join(', ')}) VALUES (${fields.map(() => '?').join(', ')})
     ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${others.map((each) => `${each} = excluded.${each}`).join(', ')}`,
  );
  const read = (found: Record<string, SQLOutputValue>): Row =>
    Object.fromEntries(fields.map((field) => [field, columns[field].read(found[field])])) as Row;
  const prepare = remembered((text) => database.prepare(text));
  const where = (condition: string) => `SELECT ${fields.join(', ')} FROM ${name} WHERE ${condition}`;
  return {
    put: (row) => void upsert.run(...fields.map((field) => columns[field].write(row[field]))),
    first: (condition, ...values) => {
      const found = prepare(where(condition)).get(...values);
      return found === undefined ? undefined : read(found);
    },
    all: (condition, ...values) =>
      prepare(where(condition))
        .all(...values)
        .map(read),
    remove: (condition, ...values) =>
      Number(prepare(`DELETE FROM ${name} WHERE ${condition}`).run(...values).changes),
  };
}

/** Conditions are few, and each is prepared once. */
function remembered<Value>(make: (text: string) => Value): (text: string) => Value {
  const made = new Map<string, Value>();
  return (text) => {
    const known = made.get(text) ?? make(text);
    made.set(text, known);
    return known;
  };
}
