import { reachableUrl } from '../server/addresses.ts';
import type { Config } from '../server/config.ts';
import type { ServerStatus } from '../server/health.ts';

/** What a person at a terminal wants to know of a broker that has just started, and one command to go on with. */
export function banner(
  { version, listeners }: Pick<ServerStatus, 'version' | 'listeners'>,
  { dataDir, durability }: Pick<Config, 'dataDir' | 'durability'>,
  isControlled: boolean,
): string {
  const bound = [...listeners].flatMap(([protocol, urls]) => urls.map((url) => [titles[protocol] ?? protocol, url]));
  const rows = [
    ...bound,
    ['data', dataDir === ':memory:' ? 'in memory, gone at the end' : `${dataDir} (durability ${durability})`],
  ];
  const [first] = listeners.get('http') ?? [];
  if (first !== undefined) {
    const endpoint = reachableUrl(first);
    rows.push(['health', `${endpoint}/health`], ['metrics', `${endpoint}/metrics`]);
    rows.push(['try', tryLine(endpoint, isControlled)]);
  }
  const lines = rows.map(([name = '', text = '']) => `  ${name.padEnd(nameColumns)}${text}`);
  return `Gantry ${version}\n${lines.join('\n')}\n`;
}

const nameColumns = 9;
/** Protocols by what people come for. */
const titles: Readonly<Record<string, string>> = { http: 'SQS', https: 'SQS' };

/** Complete: a shell that has never heard of AWS can run it. With users the credentials are theirs to know. */
function tryLine(endpoint: string, isControlled: boolean): string {
  const credentials = isControlled ? '' : 'AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any ';
  return `${credentials}aws --region us-east-1 --endpoint-url ${endpoint} sqs create-queue --queue-name orders`;
}
