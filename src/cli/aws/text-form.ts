/**
 * `--output text`, in the AWS CLI's form: fields of one thing on one line between tabs, in the order of their names; what is
 * below it on lines of its own that begin with its name. @returns lines, each with its end
 */
export function textForm(value: unknown): string {
  return linesOf(value, undefined, undefined);
}

function linesOf(value: unknown, name: string | undefined, columns: readonly string[] | undefined): string {
  if (Array.isArray(value)) return linesOfList(value, name);
  if (isRecord(value)) return linesOfRecord(value, name, columns);
  return `${scalarText(value)}\n`;
}

function linesOfList(list: readonly unknown[], name: string | undefined): string {
  if (list.length === 0) return '';
  const records = list.filter(isRecord);
  if (records.length > 0) {
    // Columns are the same in every line, though a thing may lack some.
    const columns = [...new Set(records.flatMap((each) => Object.keys(each).filter((key) => isScalar(each[key]))))];
    return list.map((each) => linesOf(each, name, columns.toSorted())).join('');
  }
  const scalars = list.filter(isScalar);
  const lists = list.filter((each) => !isScalar(each));
  return linesOfScalars(scalars, name) + lists.map((each) => linesOf(each, name, undefined)).join('');
}

function linesOfScalars(scalars: readonly unknown[], name: string | undefined): string {
  if (scalars.length === 0) return '';
  if (name === undefined) return `${scalars.map(scalarText).join('\t')}\n`;
  return scalars.map((each) => `${name.toUpperCase()}\t${scalarText(each)}\n`).join('');
}

function linesOfRecord(
  record: Readonly<Record<string, unknown>>,
  name: string | undefined,
  columns: readonly string[] | undefined,
): string {
  const keys = Object.keys(record).toSorted();
  const own = columns ?? keys.filter((key) => isScalar(record[key]));
  const cells = own.map((key) => (Object.hasOwn(record, key) ? scalarText(record[key]) : ''));
  const below = keys.filter((key) => !own.includes(key));
  const line =
    cells.length === 0 ? '' : `${[...(name === undefined ? [] : [name.toUpperCase()]), ...cells].join('\t')}\n`;
  return line + below.map((key) => linesOf(record[key], key, undefined)).join('');
}

/** As Python writes them, in which the AWS CLI is written. */
export function scalarText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

export function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
