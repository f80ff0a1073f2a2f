import type { Endpoint } from './endpoint.ts';
import { type SendPlan, SendRequest, type Sends } from './requests.ts';
import { signRequest } from './sign.ts';

/** Of one connection. Together with those of the others far more than any cache of what was verified would hold. */
const requestsKept = 256;

/**
 * Sends that were signed before the run, so that signing is no part of what a run measures; they are sent in turn, and
 * when all have been, again. Their signatures hold for a quarter of an hour.
 */
export class SignedSends implements Sends {
  readonly entries: number;
  private readonly kept: readonly { readonly bytes: Buffer; readonly bodies: readonly string[] }[];
  private at = -1;

  constructor(endpoint: Endpoint, plan: SendPlan) {
    const { credentials } = endpoint;
    if (credentials === undefined || plan.groups !== undefined)
      throw new Error('sends are signed with credentials, and without ids that may be used once');
    const request = new SendRequest(endpoint, plan);
    const now = new Date();
    this.entries = request.entries;
    this.kept = Array.from({ length: requestsKept }, () => {
      const text = request.renew().toString('latin1');
      return { bytes: Buffer.from(signRequest(text, credentials, now), 'latin1'), bodies: request.bodies() };
    });
  }

  renew(): Buffer {
    this.at = (this.at + 1) % this.kept.length;
    return this.kept[this.at]?.bytes ?? Buffer.alloc(0);
  }

  bodies(): readonly string[] {
    return this.kept[this.at]?.bodies ?? [];
  }
}
