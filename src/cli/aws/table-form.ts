/** `--output table`, with the AWS CLI's widths and borders, without its colours. */
import { isRecord, isScalar, scalarText } from './text-form.ts';

interface Section {
  readonly title: string;
  /** How deep it lies: so many bars stand on both its sides. */
  readonly level: number;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const cellPadding = 4;

/** @returns lines, each with its end; '' where there is nothing to show */
export function tableForm(title: string, value: unknown, widthMax: number): string {
  const sections = sectionsOf(title, value, 0);
  if (sections.length === 0) return '';
  const isTooWide = widthOf(sections) > widthMax;
  const shown = isTooWide ? sections.map(upright) : sections;
  const width = widthOf(shown);
  return `${'-'.repeat(width)}\n${shown.map((section) => drawn(section, width)).join('')}`;
}

function sectionsOf(title: string, value: unknown, level: number): readonly Section[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : sectionsOfList(title, value, level);
  if (!isRecord(value)) return isScalar(value) && value ? [{ title, level, headers: [], rows: [] }] : [];
  const keys = Object.keys(value).toSorted();
  if (keys.length === 0) return [];
  const headers = keys.filter((key) => isScalar(value[key]));
  const cells = headers.map((key) => scalarText(value[key]));
  const [only = ''] = headers;
  const own =
    headers.length === 1
      ? { title, level, headers: [], rows: [[only, ...cells]] }
      : { title, level, headers, rows: headers.length === 0 ? [] : [cells] };
  const below = keys.filter((key) => !isScalar(value[key]));
  return [own, ...below.flatMap((key) => sectionsOf(key, value[key], level + 1))];
}

function sectionsOfList(title: string, list: readonly unknown[], level: number): readonly Section[] {
  const records = list.filter(isRecord);
  if (records.length === 0) {
    const rows = list.map((each) => (Array.isArray(each) ? each.map(cellText) : [cellText(each)]));
    return [{ title, level, headers: [], rows }];
  }
  const keysThat = (isWanted: (value: unknown) => boolean): readonly string[] => {
    const keys = records.flatMap((each) => Object.keys(each).filter((key) => isWanted(each[key])));
    return [...new Set(keys)].toSorted();
  };
  const headers = keysThat(isScalar);
  const below = keysThat((value) => !isScalar(value));
  const rowOf = (each: Readonly<Record<string, unknown>>) =>
    headers.map((key) => (Object.hasOwn(each, key) ? cellText(each[key]) : ''));
  if (below.length === 0) return [{ title, level, headers, rows: records.map(rowOf) }];
  return records.flatMap((each) => [
    { title, level, headers, rows: [rowOf(each)] },
    ...below.flatMap((key) => (Object.hasOwn(each, key) ? sectionsOf(key, each[key], level + 1) : [])),
  ]);
}

function cellText(value: unknown): string {
  return isScalar(value) ? scalarText(value) : JSON.stringify(value);
}

/** One row that is too long is written downwards. */
function upright(section: Section): Section {
  const [row, ...others] = section.rows;
  if (row === undefined || others.length > 0 || section.headers.length === 0) return section;
  return { ...section, headers: [], rows: section.headers.map((header, at) => [header, row[at] ?? '']) };
}

function columnWidths({ headers, rows }: Section): readonly number[] {
  const lines = headers.length === 0 ? rows : [headers, ...rows];
  const [first = []] = lines;
  return first.map((_, at) => lines.reduce((width, line) => Math.max(width, lengthOf(line[at])), 0));
}

function widthOf(sections: readonly Section[]): number {
  const widths = sections.map((section) => {
    const cells = columnWidths(section).reduce((sum, width) => sum + width + cellPadding, 0);
    return Math.max(lengthOf(section.title), cells) + 2 + 2 * section.level;
  });
  return widths.reduce((most, width) => Math.max(most, width), 0);
}

/** Columns share the whole width in proportion to what is in them. */
function sharedWidths(section: Section, width: number): readonly number[] {
  const wanted = columnWidths(section).map((each) => each + cellPadding);
  const factor = width / wanted.reduce((sum, each) => sum + each, 0);
  const widths = wanted.map((each) => roundHalfEven(each * factor));
  let over = widths.reduce((sum, each) => sum + each, 0) - width;
  while (over !== 0 && widths.length > 0) {
    // What is too much is taken from the left, what is missing is added on the right.
    const step = over > 0 ? 1 : -1;
    for (let turn = 0; turn < widths.length && over !== 0; turn++) {
      const at = step > 0 ? turn : widths.length - 1 - turn;
      widths[at] = (widths[at] ?? 0) - step;
      over -= step;
    }
  }
  return widths;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}

function drawn(section: Section, fullWidth: number): string {
  const { title, level, headers, rows } = section;
  const width = fullWidth - 2 * level;
  const widths = sharedWidths(section, width);
  const border = widths.map((each, at) => `${at === 0 ? '+' : ''}${'-'.repeat(each - (at === 0 ? 2 : 1))}+`).join('');
  const lines = [centred(title, width, '|')];
  if (headers.length === 0 && rows.length === 0) lines.push(`+${'-'.repeat(width - 2)}+`);
  if (headers.length > 0)
    lines.push(border, headers.map((header, at) => centred(header, widths[at] ?? 0, at === 0 ? '|' : '')).join(''));
  if (rows.length > 0) {
    const cells = rows.map((row) =>
      row.map((cell, at) => aligned(cell, widths[at] ?? 0, at === 0 ? '|' : '')).join(''),
    );
    lines.push(border, ...cells, border);
  }
  const bars = '|'.repeat(level);
  return lines.map((line) => `${bars}${line}${bars}\n`).join('');
}

function centred(text: string, width: number, edge: string): string {
  const before = Math.floor(width / 2) - Math.floor(lengthOf(text) / 2) - 1;
  const left = `${edge}${blanks(before)}${text}`;
  return `${left}${blanks(width - 1 - lengthOf(left))}|`;
}

function aligned(text: string, width: number, edge: string): string {
  const padding = width - (lengthOf(text) + 2 + edge.length + 1) >= 0 ? 2 : 0;
  const left = `${edge}${blanks(padding)}${text}`;
  return `${left}${blanks(width - lengthOf(left) - 1)}|`;
}

function blanks(count: number): string {
  return ' '.repeat(Math.max(0, count));
}

/** In signs, not in halves of them. */
function lengthOf(text: string | undefined): number {
  return [...(text ?? '')].length;
}
