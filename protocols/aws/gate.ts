import type { Clock } from '../../src/model/clock.ts';
import type { Act, Principal } from '../../src/model/principal.ts';
import { defaultNamespace } from '../../src/model/queue.ts';
import { createSigners } from '../../src/security/signers.ts';
import type { Users } from '../../src/security/users.ts';
import { AwsError, commonError } from './errors.ts';
import { firstOf } from './exchange.ts';
import type { Heads } from './heads.ts';
import type { Identity } from './identity.ts';
import type { Line } from './line.ts';
import type { AwsService, Operation } from './service.ts';
import { Verifier } from './sigv4/verifier.ts';

export interface GateOptions {
  readonly users: Users;
  readonly clock: Pick<Clock, 'now'>;
  readonly isProxyTrusted: boolean;
}
/** A request that is here as a whole, with what it asks for. */
export interface Asking {
  readonly line: Line;
  readonly heads: Heads;
  readonly method: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly service: AwsService;
  readonly operation: Operation;
}

/** Where users are configured: who asks is who signed, and the operation is what policies are asked about. */
export class Gate {
  private readonly verifier: Verifier;
  private readonly isProxyTrusted: boolean;

  constructor({ users, clock, isProxyTrusted }: GateOptions) {
    this.verifier = new Verifier(createSigners(users), clock);
    this.isProxyTrusted = isProxyTrusted;
  }

  /** Of an unsigned request nobody is refused here: a queue's policy may let everybody in. */
  admit({ line, heads, method, rawHeaders, body, service, operation }: Asking): Identity | AwsError {
    // Where it came from cannot be told any more, and a policy may deny just that place.
    if (line.remoteAddress === '') return commonError('AccessDeniedException', 'The client has gone.');
    const host = this.isProxyTrusted ? firstOf(heads.forwardedHost) : undefined;
    const request = { method, url: line.url, rawHeaders, authorization: heads.authorization, body, host };
    try {
      const verified = this.verifier.verify(request, service.signingName);
      if (verified === undefined && operation.isOpen === true) return openly;
      const act = this.actOf(line, heads, service, operation);
      if (verified === undefined)
        return { principal: { ...nobody, act }, namespace: defaultNamespace, isSigned: false };
      const { user, account } = verified.signer;
      const principal: Principal = { name: user.name, account, isAnonymous: false, act };
      return {
        ...{ principal, namespace: { account, region: verified.region } },
        ...{ signer: verified.signer, isSigned: true },
      };
    } catch (error) {
      if (error instanceof AwsError) return this.isBehindProxy(heads, error) ? error.withHint(proxyHint) : error;
      throw error;
    }
  }

  /** The commonest reason for a wrong signature that its client cannot see. */
  private isBehindProxy(heads: Heads, { shape }: AwsError): boolean {
    return shape === 'InvalidSignatureException' && heads.forwardedHost !== undefined && !this.isProxyTrusted;
  }

  private actOf(line: Line, heads: Heads, service: AwsService, operation: Operation): Act {
    const isEncrypted =
      line.isEncrypted || (this.isProxyTrusted && firstOf(heads.forwardedProto)?.toLowerCase() === 'https');
    return { ...service.actOf(operation.name), remoteAddress: line.remoteAddress, isEncrypted };
  }
}

const proxyHint = 'a proxy has changed the Host header, which is signed: let it pass Host on, or set --trust-proxy';
const nobody = { name: 'anonymous', account: defaultNamespace.account, isAnonymous: true } as const;
const openly: Identity = { principal: nobody, namespace: defaultNamespace, isSigned: false };
