import { GantryError } from '../model/errors.ts';

/**
 * A name as one step of a path. What a path could be shortened by is the name of nothing: `.` and `..` would reach what
 * stands above, and drop that.
 * @throws GantryError `invalid-argument`
 */
export function pathPart(name: string): string {
  const isLoneSurrogate = /\p{Cs}/u.test(name);
  if (name === '' || name === '.' || name === '..' || isLoneSurrogate)
    throw new GantryError('invalid-argument', `"${name}": expected a name`);
  return encodeURIComponent(name);
}
