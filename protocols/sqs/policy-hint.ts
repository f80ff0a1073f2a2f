import { unknownActIn } from '../../src/security/resource-policies.ts';
import { isOneLetterOff } from '../aws/name-hint.ts';
import type { Call } from '../aws/service.ts';
import { actNames } from './acts.ts';

/** Of a Policy that was accepted: AWS takes any name of an action, and whoever misspelt one waits for it in vain. */
export function hintAtPolicy(call: Call, given: readonly (readonly [string, string])[]): void {
  const text = new Map(given).get('Policy');
  const unknown = text === undefined || text === '' ? undefined : unknownActIn(text, actNames);
  if (unknown === undefined) return;
  const word = unknown.word.toLowerCase();
  const near = unknown.known.find((name) => isOneLetterOff(name.toLowerCase(), word));
  const meant = near === undefined ? '' : `; did you mean "${near}"?`;
  call.hint(`Policy: unknown action "${unknown.word.slice(0, 100)}"${meant}`);
}
