import { GantryError } from '../model/errors.ts';
import { type CommandInput, flag } from './command.ts';

export type Format = 'json' | 'table' | 'name';

/** A column of a table: its title, what stands in it, and on which side. */
interface Column<T> {
  readonly title: string;
  readonly of: (row: T) => string | number;
}
export interface Listing<T> {
  readonly columns: readonly Column<T>[];
  /** What `-o name` prints of a row: what other commands take. */
  readonly name: (row: T) => string;
}

/** @throws GantryError `invalid-argument` */
export function formatOf(input: Pick<CommandInput, 'flags'>): Format {
  const format = flag(input, 'output') ?? 'table';
  if (format === 'json' || format === 'table' || format === 'name') return format;
  throw new GantryError('invalid-argument', `-o "${format}": expected json, table or name`);
}

/** Prints rows on standard output as `-o` says; JSON is the rows as the admin API has them. */
export function printRows<T>(format: Format, rows: readonly T[], { columns, name }: Listing<T>): void {
  if (format === 'json') printJson(rows);
  else if (format === 'name') for (const row of rows) print(name(row));
  else for (const line of tableOf(rows, columns)) print(line);
}

/** One thing: its fields under each other. */
export function printFields(fields: readonly (readonly [string, string | number])[]): void {
  const width = Math.max(0, ...fields.map(([title]) => title.length));
  for (const [title, value] of fields) print(`${title.padEnd(width)}  ${printable(String(value))}`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/** One word a line: what other commands take. */
export function printName(name: string): void {
  print(printable(name));
}

/** Settles when it is handed over: who prints much waits for the reader. */
export function printText(text: string): Promise<void> {
  return write(`${text}\n`);
}

/** A body as it is, and a line's end; on a terminal without what would steer it. */
export function printBytes(bytes: Buffer): Promise<void> {
  if (process.stdout.isTTY === true) return write(`${printableLines(bytes.toString())}\n`);
  return write(Buffer.concat([bytes, lineEnd]));
}

const lineEnd = Buffer.from('\n');

function write(data: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(data, (error) => (error ? reject(error) : resolve()));
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** To standard error: what is for people and not for pipes. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function tableOf<T>(rows: readonly T[], columns: readonly Column<T>[]): readonly string[] {
  const cells = rows.map((row) => columns.map(({ of }) => of(row)));
  const isNumber = columns.map((_, at) => cells.length > 0 && cells.every((row) => typeof row[at] === 'number'));
  const texts = cells.map((row) => row.map((cell) => printable(String(cell))));
  const widths = columns.map(({ title }, at) =>
    texts.reduce((width, row) => Math.max(width, row[at]?.length ?? 0), title.length),
  );
  const lineOf = (line: readonly string[]): string =>
    line
      .map((cell, at) => (isNumber[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [emphasized(lineOf(columns.map(({ title }) => title.toUpperCase()))), ...texts.map(lineOf)];
}

/** What a message or a name holds must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The same for what may have several lines. */
export function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(printable).join('\t'))
    .join('\n');
}

function emphasized(text: string): string {
  return hasColours() ? `\u001b[1m${text}\u001b[0m` : text;
}

/** On a terminal, unless the person wants none [no-color.org]. */
function hasColours(): boolean {
  return process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
}
