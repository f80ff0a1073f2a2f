import type { FileNode } from '../../file-node.ts';
import { entryOf } from './nodes.ts';

/** Where exchanges lead, by their bindings. */
export interface Routes {
  /** @returns the one queue that a message with `key` reaches; undefined: none, several, or one that is not kept */
  only(vhost: string, exchange: string, key: string | undefined): string | undefined;
}
interface Binding {
  readonly key: string;
  readonly destination: string;
  readonly isToQueue: boolean;
}

/** @param kept names of queues */
export function createRoutes(root: FileNode, kept: ReadonlySet<string>): Routes {
  const bindings = new Map<string, Binding[]>();
  for (const node of entryOf(root, 'bindings')?.items ?? []) {
    const place = placeText(textIn(node, 'vhost') ?? '/', textIn(node, 'source') ?? '');
    const binding = {
      key: textIn(node, 'routing_key') ?? '',
      destination: textIn(node, 'destination') ?? '',
      isToQueue: textIn(node, 'destination_type') !== 'exchange',
    };
    const known = bindings.get(place);
    if (known === undefined) bindings.set(place, [binding]);
    else known.push(binding);
  }
  const types = new Map(
    (entryOf(root, 'exchanges')?.items ?? []).map((node) => [
      placeText(textIn(node, 'vhost') ?? '/', textIn(node, 'name') ?? ''),
      textIn(node, 'type') ?? 'direct',
    ]),
  );

  return {
    only(vhost, exchange, key) {
      // The default exchange leads to the queue that is named like the key.
      if (exchange === '') return key !== undefined && kept.has(key) ? key : undefined;
      const place = placeText(vhost, exchange);
      const all = bindings.get(place) ?? [];
      const matching = all.filter((one) => isMatch(types.get(place) ?? 'direct', one.key, key));
      const [first, ...others] = new Set(matching.map(({ destination }) => destination));
      const isOne = first !== undefined && others.length === 0 && matching.every(({ isToQueue }) => isToQueue);
      return isOne && kept.has(first) ? first : undefined;
    },
  };
}

/** @param key undefined: that of the message, which may be any; then all bindings have to lead to one queue */
function isMatch(type: string, pattern: string, key: string | undefined): boolean {
  if (type === 'fanout' || type === 'headers' || key === undefined) return true;
  if (type !== 'topic') return pattern === key;
  return isTopicMatch(pattern.split('.'), key.split('.'));
}

/** `*` stands for one word, `#` for any number of them; table by table, so that no pattern takes long. */
function isTopicMatch(pattern: readonly string[], words: readonly string[]): boolean {
  let reached = [true, ...words.map(() => false)];
  for (const part of pattern) {
    const next = reached.map(() => false);
    for (let at = 0; at <= words.length; at++) {
      const isHere = part === '#' && (reached[at] === true || next[at - 1] === true);
      const isAfter = (part === '*' || part === words[at - 1]) && part !== '#' && reached[at - 1] === true;
      next[at] = isHere || isAfter;
    }
    reached = next;
  }
  return reached[words.length] === true;
}

function textIn(node: FileNode, key: string): string | undefined {
  return entryOf(node, key)?.text;
}

function placeText(vhost: string, exchange: string): string {
  return `${vhost}\n${exchange}`;
}
