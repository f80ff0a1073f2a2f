import { GantryError } from '../model/errors.ts';
import { type CommandInput, flag } from './command.ts';
import { jsonText, printable, printableLines } from './printable.ts';

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
  else if (format === 'name') for (const row of rows) printName(name(row));
  else for (const line of tableOf(rows, columns)) send(`${line}\n`);
}

/** One thing: its fields under each other. */
export function printFields(fields: readonly (readonly [string, string | number])[]): void {
  const width = Math.max(0, ...fields.map(([title]) => title.length));
  for (const [title, value] of fields) printName(`${title.padEnd(width)}  ${value}`);
}

export function printJson(value: unknown): void {
  send(`${jsonText(value, 2)}\n`);
}

/** One line: often a word that other commands take. */
export function printName(name: string): void {
  send(`${printable(name)}\n`);
}

/** Lines, settled when they are handed over: who prints much waits for the reader. */
export function printText(text: string): Promise<void> {
  return write(`${printableLines(text)}\n`);
}

/** A table made by `tableOf`, which has made its cells printable, and its titles bold. */
export function printTable(lines: readonly string[]): Promise<void> {
  return write(`${lines.join('\n')}\n`);
}

/** JSON in one line, for what comes piece by piece. */
export function printJsonLine(value: unknown): Promise<void> {
  return write(`${jsonText(value)}\n`);
}

/** A body as it is, and a line's end; on a terminal without what would steer it. */
export function printBytes(bytes: Buffer): Promise<void> {
  return printExact(Buffer.concat([bytes, lineEnd]));
}

/** To the byte, as files and pipes need it; on a terminal without what would steer it. */
export function printExact(data: string | Buffer): Promise<void> {
  return write(process.stdout.isTTY === true ? printableLines(data.toString()) : data);
}

const lineEnd = Buffer.from('\n');

function write(data: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(data, (error) => (error ? endWithoutOutput(error) : resolve()));
  });
}

function send(text: string): void {
  process.stdout.write(text);
}

/**
 * `gantry queue ls | head -1` reads one line and goes: no reason to complain. A disk that is full is one: what was asked for
 * is not there, and a script must hear it.
 */
export function watchOutput(): void {
  process.stdout.on('error', endWithoutOutput);
}

function endWithoutOutput(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit();
  say(`gantry: standard output cannot be written: ${error.message}`);
  process.exit(1);
}

/** To standard error, as one line: what is for people and not for pipes. */
export function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
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

function emphasized(text: string): string {
  return hasColours() ? `\u001b[1m${text}\u001b[0m` : text;
}

/** On a terminal, unless the person wants none [no-color.org]. */
function hasColours(): boolean {
  return process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
}
