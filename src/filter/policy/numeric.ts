import { numberLengthMax } from './limits.ts';

/**
 * A decimal number without rounding. A plain number where that is exact, which it is up to 15 digits; ids of 64 bits and
 * the like are kept by their digits, so that neighbours stay apart. The same number always has the same form.
 */
export type Numeric = number | LongDecimal;

/** 0.`digits` times ten to the `magnitude`; digits begin and end with a digit that is not zero. */
export interface LongDecimal {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly magnitude: number;
}

const exactDigitsMax = 15;
const exactMagnitudeMax = 300;
const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

export function isNumeric(value: string | boolean | null | Numeric): value is Numeric {
  return typeof value === 'number' || (typeof value === 'object' && value !== null);
}

/** @returns undefined for what is no decimal number, or longer than anybody means */
export function parseNumeric(text: string): Numeric | undefined {
  if (text.length <= exactDigitsMax && isDigits(text)) return Number(text);
  if (text.length > numberLengthMax) return undefined;
  const parts = decimalText.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = parts;
  if (whole === '' && fraction === '') return undefined;
  // The sum with zero turns -0 into 0.
  if (exponent === undefined && whole.length + fraction.length <= exactDigitsMax) return Number(text) + 0;
  return shortest({
    isNegative: sign === '-',
    digits: whole + fraction,
    magnitude: whole.length + Number(exponent ?? 0),
  });
}

/** @returns below, at or above zero, as `a` is less than, equal to or greater than `b` */
export function compareNumeric(a: Numeric, b: Numeric): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = typeof a === 'number' ? decimalOf(a) : a;
  const right = typeof b === 'number' ? decimalOf(b) : b;
  if (left === undefined || right === undefined) return signOf(left) - signOf(right);
  if (left.isNegative !== right.isNegative) return left.isNegative ? -1 : 1;
  return left.isNegative ? compareSize(right, left) : compareSize(left, right);
}

/** The nearest floating-point number: keeps the order, but can make neighbours equal. */
export function approximate(value: Numeric): number {
  if (typeof value === 'number') return value;
  return Number(`${value.isNegative ? '-' : ''}0.${value.digits}e${value.magnitude}`);
}

/** One text for each long decimal. */
export function decimalKey({ isNegative, digits, magnitude }: LongDecimal): string {
  return `${isNegative ? '-' : ''}${digits}e${magnitude}`;
}

/** Most numbers are: they need no expression to take them apart. */
function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== '';
}

function shortest({ isNegative, digits, magnitude }: LongDecimal): Numeric {
  let start = 0;
  while (digits[start] === '0') start += 1;
  let end = digits.length;
  while (end > start && digits[end - 1] === '0') end -= 1;
  if (start === end) return 0;
  const decimal = { isNegative, digits: digits.slice(start, end), magnitude: magnitude - start };
  const isExact = decimal.digits.length <= exactDigitsMax && Math.abs(decimal.magnitude) <= exactMagnitudeMax;
  return isExact ? approximate(decimal) : decimal;
}

/** @returns undefined for zero, which has no first digit */
function decimalOf(value: number): LongDecimal | undefined {
  if (value === 0) return undefined;
  const [fraction = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return { isNegative: value < 0, digits: fraction.replace('.', ''), magnitude: Number(exponent) + 1 };
}

function signOf(value: LongDecimal | undefined): number {
  if (value === undefined) return 0;
  return value.isNegative ? -1 : 1;
}

function compareSize(a: LongDecimal, b: LongDecimal): number {
  if (a.magnitude !== b.magnitude) return a.magnitude < b.magnitude ? -1 : 1;
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -1 : 1;
}
