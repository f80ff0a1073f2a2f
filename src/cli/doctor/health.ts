import { fetchText } from '../health.ts';
import { type Finding, fail, ok } from './finding.ts';

export interface BrokerHealth {
  readonly version: string;
  readonly status: string;
  readonly reasons: readonly string[];
}

/** What the running broker says of itself. */
export async function checkBroker(endpoint: string): Promise<Finding> {
  const broker = await askHealth(endpoint);
  if (broker === undefined) return ok('broker', `none answers at ${endpoint}: gantry serve starts one`);
  const { version, status, reasons } = broker;
  if (status === 'ok') return ok('broker', `Gantry ${version} at ${endpoint} serves`);
  const why = reasons.length === 0 ? status : reasons.join('; ');
  return fail('broker', `Gantry ${version} at ${endpoint}: ${why}`, 'its log says more');
}

/** Undefined: nobody answers there, or somebody else. */
export async function askHealth(endpoint: string): Promise<BrokerHealth | undefined> {
  try {
    const answer: unknown = JSON.parse((await fetchText(new URL('/health', endpoint))).text);
    if (typeof answer !== 'object' || answer === null || !('version' in answer) || !('listeners' in answer))
      return undefined;
    const status = 'status' in answer ? String(answer.status) : '';
    const reasons = 'reasons' in answer && Array.isArray(answer.reasons) ? answer.reasons.map(String) : [];
    return { version: String(answer.version), status, reasons };
  } catch {
    return undefined;
  }
}
