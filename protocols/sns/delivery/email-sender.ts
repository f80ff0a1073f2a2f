/** Hands mails to the mail server of the configuration. nodemailer is read from disk for the first one. */
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import { createAttempts } from './attempts.ts';
import { allAuthorities } from './authorities.ts';
import { deliveryLimits } from './limits.ts';
import { isMailAddress, type Mail, oneLine } from './mail.ts';
import { reasonOf } from './reason.ts';
import { parseSmtpUrl, type SmtpServer } from './smtp-url.ts';

export interface EmailSender {
  /** Never throws. `delivered`: the mail server has taken it. */
  send(mail: Mail, signal?: AbortSignal): Promise<PushOutcome>;
  /** Breaks off what is under way, with outcome `retry`, and closes all connections. */
  stop(): Promise<void>;
}

export interface EmailSenderOptions {
  readonly url: string;
  /** `news@example.com`, or `News <news@example.com>`. */
  readonly from: string;
  /** Certificates, PEM, of authorities beside those of Node; undefined: Node's own choice. */
  readonly authorities?: readonly string[] | undefined;
  readonly timeoutMs?: number;
}

/** @throws GantryError `invalid-argument` for a URL that is none */
export function createEmailSender(options: EmailSenderOptions): EmailSender {
  const { from, timeoutMs = deliveryLimits.mailMsMax } = options;
  const server = parseSmtpUrl(options.url);
  const attempts = createAttempts();
  let transport: ReturnType<typeof openTransport> | undefined;

  async function attempt(mail: Mail, signal: AbortSignal): Promise<PushOutcome> {
    if (!isMailAddress(mail.to)) return { type: 'failed', reason: 'the endpoint is no e-mail address' };
    transport ??= openTransport(server, options.authorities);
    const opened = await transport;
    const late = new AbortController();
    const giveUp = () => late.abort(new Error(`the mail server took more than ${timeoutMs} ms`));
    const timer = setTimeout(giveUp, timeoutMs);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      const sent = await opened.sendMail({
        from,
        to: { name: '', address: mail.to },
        subject: oneLine(mail.subject),
        text: mail.text,
        signal: late.signal,
      });
      return { type: 'delivered', response: sent.response.slice(0, deliveryLimits.answerBytesKept) };
    } catch (error) {
      throw late.signal.aborted ? late.signal.reason : error; // Which says why, where nodemailer says that.
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    send: (mail, signal) => attempts.run(signal, (breaker) => attempt(mail, breaker), outcomeOfSmtpError),
    async stop() {
      attempts.stop();
      (await transport)?.close({ force: true });
    },
  };
}

async function openTransport(server: SmtpServer, authorities: readonly string[] | undefined) {
  const { createTransport } = await import('nodemailer');
  const { host, port, isSecure, startTls, user, password } = server;
  const ca = allAuthorities(authorities);
  return createTransport({
    ...{ host, port, secure: isSecure, requireTLS: startTls === 'required', ignoreTLS: startTls === 'off' },
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    ...(ca && { tls: { ca } }),
    pool: true,
    maxConnections: deliveryLimits.smtpConnectionsMax,
    maxMessages: deliveryLimits.smtpMailsPerConnectionMax,
    maxRequeues: 1, // A kept connection that the server closed meanwhile costs no try.
    idleTimeout: deliveryLimits.smtpIdleMs,
    connectionTimeout: deliveryLimits.smtpStepMsMax,
    greetingTimeout: deliveryLimits.smtpStepMsMax,
    socketTimeout: deliveryLimits.smtpStepMsMax,
    dnsTimeout: deliveryLimits.smtpStepMsMax,
    maxResponseSize: deliveryLimits.answerBytesMax,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** The commands with which the server refuses this mail; of any other refusal the next mail would hear as well. */
const mailCommands = /^(MAIL FROM|RCPT TO|DATA)/;

/**
 * 4xx is worth another try, 5xx is not [RFC 5321 4.2.1], if it is about the mail: a refused password is for the operator to
 * correct, and meanwhile no mail is lost.
 */
function outcomeOfSmtpError(error: unknown): PushOutcome {
  const reason = reasonOf(error);
  const { responseCode, command } = smtpFacts(error);
  if (responseCode === undefined) return { type: 'retry', reason };
  const isFinal = responseCode >= 500 && responseCode !== 503 && mailCommands.test(command);
  return { type: isFinal ? 'failed' : 'retry', reason, statusCode: responseCode };
}

function smtpFacts(error: unknown): { responseCode: number | undefined; command: string } {
  if (!(error instanceof Error)) return { responseCode: undefined, command: '' };
  const responseCode =
    'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined;
  const command = 'command' in error && typeof error.command === 'string' ? error.command : '';
  return { responseCode, command };
}
