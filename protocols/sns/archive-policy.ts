import { GantryError } from '../../src/model/errors.ts';
import { snsLimits } from './limits.ts';

const dayMs = 86_400_000;

/**
 * `{"MessageRetentionPeriod":"30"}`, in days; `{}` or nothing ends the archive [sqs-sns 2.12].
 * @returns undefined: there shall be none
 * @throws GantryError `invalid-argument`
 */
export function readArchivePolicy(text: string): number | undefined {
  if (text === '') return undefined;
  const entries = Object.entries(parsed(text));
  const [first] = entries;
  if (first === undefined) return undefined;
  const [name, value] = first;
  if (entries.length > 1 || name !== 'MessageRetentionPeriod') {
    throw refused('MessageRetentionPeriod is the only member that it may have');
  }
  const isText = typeof value === 'string' && /^\d{1,3}$/.test(value);
  const days = isText || Number.isInteger(value) ? Number(value) : Number.NaN;
  if (days >= 1 && days <= snsLimits.archiveDaysMax) return days * dayMs;
  throw refused(`MessageRetentionPeriod must be 1 to ${snsLimits.archiveDaysMax} days`);
}

export function archiveText(archiveMs: number): string {
  return JSON.stringify({ MessageRetentionPeriod: String(archiveMs / dayMs) });
}

function parsed(text: string): object {
  try {
    const value: unknown = text.length > textCharactersMax ? undefined : JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The parser's own words quote the input.
  }
  throw refused('failed to parse JSON');
}

const textCharactersMax = 1_000;

function refused(why: string): GantryError {
  return new GantryError('invalid-argument', `ArchivePolicy: ${why}`);
}
