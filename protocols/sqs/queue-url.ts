import type { Namespace, QueueAddress } from '../../src/model/queue.ts';
import { ownLimits } from './limits.ts';

const accountPattern = /^\d{12}$/;

/** What a queue URL says; what it leaves out is the request's own. */
export interface QueueLocation {
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly name: string;
}

/**
 * Understands every way in which AWS and its emulators have spelt a queue [sqs-sns 0.3]: standard, domain, path and plain
 * URLs, `/queue/<name>`, `/<name>`, and a bare name. Host, port and scheme say nothing but, in two styles, the region.
 * @returns undefined when there is no name in it
 */
export function parseQueueUrl(text: string): QueueLocation | undefined {
  if (text.length > ownLimits.queueUrlCharactersMax) return undefined; // No queue has such an address.
  const schemeEnd = text.indexOf('://');
  const path = schemeEnd < 0 ? text : text.slice(schemeEnd + 3);
  const segments = path.split('/');
  while (segments.length > 1 && segments.at(-1) === '') segments.pop();
  const hasHost = schemeEnd >= 0 || (segments.length > 1 && !accountPattern.test(segments[0] ?? ''));
  const host = hasHost ? segments.shift() : undefined;
  const name = segments.pop();
  if (name === undefined || name === '') return undefined;
  const account = takeAccount(segments);
  const isPathStyle = account !== undefined && segments.length >= 2 && segments.at(-2) === 'queue';
  const region = (isPathStyle ? segments.at(-1) : undefined) ?? regionOfHost(host ?? '');
  return { account, region, name };
}

function takeAccount(segments: string[]): string | undefined {
  const last = segments.at(-1);
  if (last === undefined || !accountPattern.test(last)) return undefined;
  segments.pop();
  return last;
}

/** `sqs.<region>.<host>`, `<region>.queue.<host>`, and `queue.<host>`, which is the first region that AWS had. */
function regionOfHost(host: string): string | undefined {
  const standard = /^sqs(?:-fips)?\.([a-z]{2,}(?:-[a-z]+)+-\d+)\./.exec(host);
  if (standard !== null) return standard[1];
  const domain = /^([a-z]{2,}(?:-[a-z]+)+-\d+)\.queue\./.exec(host);
  if (domain !== null) return domain[1];
  return host.startsWith('queue.') ? 'us-east-1' : undefined;
}

/** The URL by which a client finds the queue again, through the host that it reached us by. */
export function queueUrl(address: QueueAddress, baseUrl: string): string {
  const { account, region, name } = address;
  const hostStart = baseUrl.indexOf('://') + 3;
  const regionSaid = regionOfHost(baseUrl.slice(hostStart));
  // Where the host would say another region than the queue's, only the path style leads back to it.
  const isMisleading = regionSaid !== undefined && regionSaid !== region;
  return isMisleading ? `${baseUrl}/queue/${region}/${account}/${name}` : `${baseUrl}/${account}/${name}`;
}

/** Parses each text once; a bounded memory, begun anew when full. */
export class QueueUrls {
  private readonly locationsByText = new Map<string, QueueLocation>();

  /** @returns undefined when the text names no queue */
  address(text: string, namespace: Namespace): QueueAddress | undefined {
    const location = this.locationsByText.get(text) ?? this.learn(text);
    if (location === undefined) return undefined;
    return {
      account: location.account ?? namespace.account,
      region: location.region ?? namespace.region,
      name: location.name,
    };
  }

  private learn(text: string): QueueLocation | undefined {
    const location = parseQueueUrl(text);
    if (location === undefined) return location;
    if (this.locationsByText.size >= ownLimits.queueUrlsMax) this.locationsByText.clear();
    this.locationsByText.set(text, location);
    return location;
  }
}
