import { isIP } from 'node:net';

/**
 * One row of the option table in options.ts. `T` is what the program gets; `parse` turns one written value into it, or
 * into undefined when it is not what `expected` says.
 */
export interface Option<T> {
  readonly help: string;
  /** Stands for the value in `--help`; undefined: a switch, whose presence alone means true. */
  readonly placeholder: string | undefined;
  /** What a value must be, completing "expected ...". */
  readonly expected: string;
  readonly default: T;
  /** The default as a person would write it; '' when there is none. */
  readonly defaultText: string;
  /** Written with commas, given several times, or a sequence in the file. */
  readonly isList: boolean;
  /** True: stands on the command line and in the environment, never in the file. */
  readonly isOutsideFile?: boolean;
  /** The protocol that will need it: accepted from the first day, shown as `off`. */
  readonly awaits?: string;
  /** True: a reload (SIGHUP) changes it in the running broker. */
  readonly isLive?: boolean;
  /** What an editor should let pass in the file: JSON Schema of one value, of each one where it is a list. */
  readonly schema: ValueSchema;
  parse(texts: readonly string[]): T | undefined;
}

/** The part of JSON Schema that the table needs. */
type ValueSchema =
  | { readonly type: 'string'; readonly pattern?: string; readonly enum?: readonly string[] }
  | { readonly type: 'boolean' }
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum?: number }
  | { readonly anyOf: readonly ValueSchema[] };

export type Port = number | 'off';

/** A row that a reload puts into effect without a restart. */
export function live<T>(option: Option<T>): Option<T> {
  return { ...option, isLive: true };
}

export function scalar<T>(row: Omit<Option<T>, 'parse' | 'isList'>, parse: (text: string) => T | undefined): Option<T> {
  return {
    ...row,
    isList: false,
    parse: (texts) => (texts.length === 1 && texts[0] !== undefined ? parse(texts[0]) : undefined),
  };
}

export function list<T>(
  row: Omit<Option<readonly T[]>, 'parse' | 'isList'>,
  parse: (text: string) => T | undefined,
): Option<readonly T[]> {
  return {
    ...row,
    isList: true,
    parse: (texts) => {
      const values: T[] = [];
      for (const text of texts) {
        const value = parse(text);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return values.length > 0 ? values : undefined;
    },
  };
}

export function text<T extends string | undefined>(
  placeholder: string,
  defaultValue: T,
  help: string,
): Option<string | T> {
  const row = {
    ...{ help, placeholder, expected: 'a text', default: defaultValue, defaultText: defaultValue ?? '' },
    schema: { type: 'string' } as const,
  };
  return scalar<string | T>(row, (value) => (value === '' ? undefined : value));
}

export function texts(placeholder: string, help: string): Option<readonly string[]> {
  const row = { help, placeholder, expected: 'texts', default: [], defaultText: '', schema: anyText };
  return list<string>(row, (value) => (value === '' ? undefined : value));
}

export function choice<const C extends string>(choices: readonly C[], defaultValue: C, help: string): Option<C> {
  const expected = choices.join(', ').replace(/, ([^,]*)$/, ' or $1');
  const row = {
    ...{ help, placeholder: choices.join('|'), expected, default: defaultValue, defaultText: defaultValue },
    schema: { type: 'string', enum: choices } as const,
  };
  return scalar<C>(row, (value) => choices.find((one) => one === value.toLowerCase()));
}

/** The words for yes and no in other people's files and variables; `1` is what most type. */
const toggleWords: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, on: true, 1: true },
  ...{ false: false, no: false, off: false, 0: false },
};

export function toggle(help: string): Option<boolean> {
  const row = {
    ...{ help, placeholder: undefined, expected: 'true or false', default: false, defaultText: '' },
    schema: { type: 'boolean' } as const,
  };
  return scalar<boolean>(row, (value) => {
    const word = value.toLowerCase();
    return Object.hasOwn(toggleWords, word) ? toggleWords[word] : undefined;
  });
}

export function count(range: { min: number; max: number }, defaultValue: number, help: string): Option<number> {
  const expected = `a whole number from ${range.min} to ${range.max}`;
  const row = {
    ...{ help, placeholder: 'number', expected, default: defaultValue, defaultText: String(defaultValue) },
    schema: { type: 'integer', minimum: range.min, maximum: range.max } as const,
  };
  return scalar<number>(row, (value) => {
    const number = wholeNumber(value);
    return number !== undefined && number >= range.min && number <= range.max ? number : undefined;
  });
}

const msByUnit: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds, as its name says; with a unit whatever that is. */
export function duration(range: { min: number; max: number }, defaultValue: number, help: string): Option<number> {
  const expected = `milliseconds from ${range.min} to ${range.max}, or with a unit as in 30s or 5m`;
  const row = {
    ...{ help, placeholder: 'ms', expected, default: defaultValue, defaultText: String(defaultValue) },
    schema: { anyOf: [{ type: 'integer', minimum: range.min, maximum: range.max }, durationText] } as const,
  };
  return scalar<number>(row, (value) => {
    const [, digits = '', unit = ''] = /^(\d{1,15})(ms|s|m|h)?$/.exec(value) ?? [];
    const ms = digits === '' ? Number.NaN : Number(digits) * (msByUnit[unit] ?? Number.NaN);
    return ms >= range.min && ms <= range.max ? ms : undefined;
  });
}

const durationText = { type: 'string', pattern: '^\\d{1,15}(ms|s|m|h)?$' } as const;

/** `64m` is what people know from containers; `MB` is refused, for to some it is 1,000,000. */
const bytesByUnit: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

export function bytes(range: { min: number }, defaultText: string, help: string): Option<number> {
  const parse = (value: string): number | undefined => {
    const [, digits = '', unit = ''] = /^(\d{1,15})(?: ?([kmg])(?:ib)?)?$/i.exec(value) ?? [];
    const size = digits === '' ? Number.NaN : Number(digits) * (bytesByUnit[unit.toLowerCase()] ?? Number.NaN);
    return Number.isSafeInteger(size) && size >= range.min ? size : undefined;
  };
  const expected = `a number of bytes from ${range.min}, or with KiB, MiB or GiB`;
  const row = { help, placeholder: 'size', expected, default: parse(defaultText) ?? range.min, defaultText };
  return scalar<number>({ ...row, schema: { anyOf: [{ type: 'integer', minimum: range.min }, bytesText] } }, parse);
}

const bytesText = { type: 'string', pattern: '^\\d{1,15}( ?([KkMmGg](i[Bb])?))?$' } as const;
const portSchema = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 65_535 },
    { type: 'string', enum: ['off'] },
  ],
} as const;
const portExpected = 'a port from 0 (any free one) to 65535, or off';

/** Of a protocol still to come. */
export function futurePort(help: string, awaits: string): Option<Port> {
  const later = `${help}; not built yet, so without effect`;
  const row = {
    help: later,
    placeholder: 'port',
    expected: portExpected,
    default: 'off' as const,
    defaultText: 'off',
    awaits,
    schema: portSchema,
  };
  return scalar<Port>(row, (value) => (value === 'off' ? 'off' : portNumber(value)));
}

/** `off` gives the empty list. No port twice, but for 0: two free ones can be asked for. */
export function ports(defaultValue: Port, help: string): Option<readonly number[]> {
  const expected = `${portExpected}; none twice`;
  const defaults = defaultValue === 'off' ? [] : [defaultValue];
  const row = { help, placeholder: 'ports', expected, default: defaults, schema: portSchema };
  const numbers = list<number>({ ...row, defaultText: String(defaultValue) }, portNumber);
  return {
    ...numbers,
    parse: (texts) => {
      if (texts.length === 1 && texts[0] === 'off') return [];
      const given = numbers.parse(texts);
      const fixed = given?.filter((port) => port !== 0) ?? [];
      return new Set(fixed).size < fixed.length ? undefined : given;
    },
  };
}

/** Addresses, brackets around IPv6 allowed, or host names; `localhost` is both loopback addresses. */
export function hosts(defaultValue: string, defaultText: string, help: string): Option<readonly string[]> {
  const expected = 'addresses such as 127.0.0.1, ::1 or 0.0.0.0, or host names';
  const row = { help, placeholder: 'hosts', expected, default: [defaultValue], defaultText, schema: anyText };
  return list<string>(row, (value) => {
    const host = /^\[(.*)\]$/.exec(value)?.[1] ?? value;
    return isIP(host) !== 0 || /^(?!.*\.\.)[a-z][a-z0-9.-]{0,252}$/i.test(host) ? host : undefined;
  });
}

export function url(help: string): Option<string | undefined> {
  const expected = 'an http or https URL without query';
  const row = { help, placeholder: 'url', expected, default: undefined, schema: httpText };
  return scalar<string | undefined>({ ...row, defaultText: '' }, (value) => {
    const parsed = httpUrl(value);
    if (parsed === undefined || parsed.search !== '' || parsed.hash !== '') return undefined;
    return parsed.href.replace(/\/$/, '');
  });
}

/** Origins as browsers send them, or `*` for every one. */
export function origins(help: string): Option<readonly string[]> {
  const expected = 'origins such as https://console.example, or *';
  const row = { help, placeholder: 'origins', expected, default: [], defaultText: '', schema: anyText };
  return list<string>(row, (value) => {
    if (value === '*') return '*';
    const parsed = httpUrl(value);
    return parsed !== undefined && (value === parsed.origin || value === `${parsed.origin}/`)
      ? parsed.origin
      : undefined;
  });
}

export const anyText = { type: 'string' } as const;
const httpText = { type: 'string', pattern: '^https?://' } as const;

export function httpUrl(value: string): URL | undefined {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  return parsed?.protocol === 'http:' || parsed?.protocol === 'https:' ? parsed : undefined;
}

function wholeNumber(value: string): number | undefined {
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function portNumber(value: string): number | undefined {
  const number = wholeNumber(value);
  return number !== undefined && number <= 65_535 ? number : undefined;
}
