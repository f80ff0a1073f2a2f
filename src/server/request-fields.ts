import type { Requested } from '../security/refusal.ts';

/** What a request is known by, as fields of a log line; undefined ones are left out. */
interface RequestFields {
  readonly operation: string | undefined;
  readonly key: string | undefined;
  readonly remoteAddress: string;
  readonly queue: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

const charactersMax = 100;
const keyCharactersMax = 32;
const keyCharactersShown = 8;

export function requestFields({ operation, keyId, remoteAddress, queue }: Requested): RequestFields {
  return {
    operation: operation === '' ? undefined : printable(operation),
    key: keyId === undefined ? undefined : shownKey(keyId),
    remoteAddress,
    queue: queue && printable(queue.name),
    account: queue && printable(queue.account),
    region: queue && printable(queue.region),
  };
}

/** Short, and nothing that a terminal would obey. */
export function printable(text: string, max = charactersMax): string {
  return text.slice(0, max).replace(/[^\x20-\x7e]/g, '?');
}

/** Who mixes up id and secret sends the secret here; AWS's have 40 characters, and no id that we know of has so many. */
function shownKey(keyId: string): string {
  const isShort = keyId.length <= keyCharactersMax;
  return isShort ? printable(keyId) : `${printable(keyId, keyCharactersShown)}...`;
}
