/** All that leaves the broker for SNS; what each part needs is read from disk when it is first used. */
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { EmailSender } from './email-sender.ts';
import { createEndpointGuard } from './endpoint-guard.ts';
import type { HttpPost, HttpSender } from './http-sender.ts';
import { createOutboxProvider, type OutboundMessage, type OutboxStorage } from './outbox.ts';
import { createProxyChoice } from './proxy.ts';

export interface DeliveryOptions {
  readonly clock: Clock;
  readonly outbox: OutboxStorage;
  /** True: the broker listens beyond loopback. */
  readonly isOpen: boolean;
  /** The options of the same names. */
  readonly snsEndpointsAllow: readonly string[];
  readonly snsProxy: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly smtpFrom: string;
  /** For `--sns-proxy environment`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Certificates, PEM, of authorities beside those of Node; undefined: Node's own choice. */
  readonly authorities: readonly string[] | undefined;
}

/** One attempt each, whose outcome says what to do next; none of them throws for what is out there. */
export interface Delivery {
  post(post: HttpPost, signal?: AbortSignal): Promise<PushOutcome>;
  /** Mails by the mail server if there is one; SMS, mobile pushes and all other mails into the outbox. */
  send(message: OutboundMessage, signal?: AbortSignal): Promise<PushOutcome>;
  stop(): Promise<void>;
}

/** @throws GantryError `invalid-argument` naming the option that is wrong */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { clock, authorities, environment, smtpUrl, smtpFrom, snsProxy } = options;
  const guard = createEndpointGuard({ allow: options.snsEndpointsAllow, isOpen: options.isOpen });
  const proxy = snsProxy === undefined ? undefined : createProxyChoice(snsProxy, environment);
  const outbox = createOutboxProvider(options.outbox, clock);
  let http: Promise<HttpSender> | undefined;
  let email: Promise<EmailSender> | undefined;

  async function openHttp(): Promise<HttpSender> {
    const { createHttpSender } = await import('./http-sender.ts');
    return createHttpSender({ clock, guard, authorities, ...(proxy && { proxy }) });
  }

  async function openEmail(url: string): Promise<EmailSender> {
    const { createEmailSender } = await import('./email-sender.ts');
    return createEmailSender({ url, from: smtpFrom, authorities });
  }

  return {
    async post(post, signal) {
      http ??= openHttp();
      return await (await http).send(post, signal);
    },
    async send(message, signal) {
      if (message.kind !== 'mail' || smtpUrl === undefined) return await outbox.send(message);
      email ??= openEmail(smtpUrl);
      return await (await email).send(message.mail, signal);
    },
    async stop() {
      await Promise.all([(await http)?.stop(), (await email)?.stop()]);
    },
  };
}
