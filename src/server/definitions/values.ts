import * as v from 'valibot';

/** Values of definitions as people write them, and back: `30s`, `1MiB`, `true`. In a file they all arrive as texts. */

const msByUnit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const bytesByUnit = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** In milliseconds, out of `30s`, `1.5h`, or a number of seconds. Bounds in milliseconds, both included. */
export function duration(bounds: Bounds, title: string) {
  const expected = `expected a duration from ${durationText(bounds.min)} to ${durationText(bounds.max)}, such as 30s, 5m, 2h or 4d`;
  return quantity({ units: msByUnit, plainUnit: msByUnit.s, bounds, expected, title });
}

/** In bytes, out of `256KiB`, `1MiB`, or a number. Bounds in bytes, both included. */
export function size(bounds: Bounds, title: string) {
  const expected = `expected a size from ${sizeText(bounds.min)} to ${sizeText(bounds.max)}, such as 256KiB or 1MiB`;
  return quantity({ units: bytesByUnit, plainUnit: 1, bounds, expected, title });
}

/** A whole number, both bounds included. */
export function whole(bounds: Bounds, title: string) {
  const expected = `expected a whole number from ${bounds.min} to ${bounds.max}`;
  return quantity({ units: {}, plainUnit: 1, bounds, expected, title });
}

export function yesOrNo(title: string) {
  return v.pipe(
    v.union([v.boolean(), v.picklist(['true', 'false'])], 'expected true or false'),
    v.title(title),
    v.transform((value) => value === true || value === 'true'),
  );
}

export function text(title: string, charactersMax: number) {
  return v.pipe(
    v.string('expected a text'),
    v.maxLength(charactersMax, `expected at most ${charactersMax} characters`),
    v.title(title),
  );
}

interface Quantity {
  readonly units: Readonly<Record<string, number>>;
  /** What a number without a unit counts. */
  readonly plainUnit: number;
  readonly bounds: Bounds;
  readonly expected: string;
  readonly title: string;
}

function quantity({ units, plainUnit, bounds, expected, title }: Quantity) {
  return v.pipe(
    v.union([v.string(), v.number()], expected),
    // Before what makes another type of it: a JSON Schema has what comes in.
    v.title(title),
    v.description(expected),
    v.rawTransform(({ dataset, addIssue, NEVER }): number => {
      const [, digits = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?) ?([A-Za-z]*)$/.exec(String(dataset.value)) ?? [];
      const factor = unit === '' ? plainUnit : Object.hasOwn(units, unit) ? units[unit] : undefined;
      const value = digits === '' || factor === undefined ? Number.NaN : Number(digits) * factor;
      if (Number.isSafeInteger(value) && value >= bounds.min && value <= bounds.max) return value;
      addIssue({ message: expected });
      return NEVER;
    }),
  );
}

/** In the largest unit that leaves no fraction: `90s`, `4d`. */
export function durationText(ms: number): string {
  return inLargestUnit(ms, msByUnit, '0s');
}

export function sizeText(bytes: number): string {
  return inLargestUnit(bytes, bytesByUnit, '0');
}

function inLargestUnit(value: number, units: Readonly<Record<string, number>>, zero: string): string {
  if (value === 0) return zero;
  let shown = String(value);
  for (const [unit, factor] of Object.entries(units)) if (value % factor === 0) shown = `${value / factor}${unit}`;
  return shown;
}
