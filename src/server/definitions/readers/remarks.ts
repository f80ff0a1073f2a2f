/** What is left out of another broker's file: a line for each thing, with some of the queues that it is about. */
export interface Remarks {
  /** @param queue '': about none in particular */
  note(what: string, queue: string): void;
  lines(): readonly string[];
}

const namesShown = 5;
const nameCharactersMax = 100;

export function createRemarks(path: string): Remarks {
  const queuesByWhat = new Map<string, string[]>();
  return {
    note(what, queue) {
      const known = queuesByWhat.get(what);
      if (known === undefined) queuesByWhat.set(what, queue === '' ? [] : [queue]);
      else known.push(queue);
    },
    lines: () => [...queuesByWhat].map(([what, queues]) => `${path}: ${subject(queues)}${what}`),
  };
}

function subject(queues: readonly string[]): string {
  if (queues.length === 0) return '';
  const names = queues.slice(0, namesShown).map((name) => `"${name.slice(0, nameCharactersMax)}"`);
  const rest = queues.length - names.length;
  const more = rest === 0 ? '' : ` and ${rest} more`;
  return `${queues.length === 1 ? 'queue' : `${queues.length} queues`} ${names.join(', ')}${more}: `;
}
