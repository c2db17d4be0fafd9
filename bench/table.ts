/** Figures in columns, and what to make of several measurements of one thing. */

/** The middle one: half are as large or larger. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const [upper = 0, lower = upper] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle) - 1]];
  return (upper + lower) / 2;
}

/** The value below which a share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

/** The middle one, and from where to where they went. */
export function spread(values: readonly number[], digits = 0): string {
  const written = (value: number) => value.toFixed(digits);
  return `${written(median(values))} (${written(Math.min(...values))} to ${written(Math.max(...values))})`;
}

/** Prints rows below their heads, every column as wide as its widest cell. */
export function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [heads, ...rows]) {
    console.log(row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
  }
}
