import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { Inbox } from './inbox.ts';

interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly headers: string;
  /** The body, decoded. */
  readonly text: string;
}

export interface Mailbox {
  /** For `--smtp-url`. */
  readonly url: string;
  readonly mails: Inbox<ReceivedMail>;
  /** Without it, each mail is accepted when it is whole. */
  acceptBy(accept: (done: () => void) => void): void;
}

/** A real SMTP server on loopback, in the process of the test. */
export async function startMailbox(): Promise<Mailbox> {
  const mails = new Inbox<ReceivedMail>();
  let accept = (done: () => void): void => done();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        accept(done);
        const from = mailFrom === false ? '' : mailFrom.address;
        mails.put({ from, to: rcptTo.map(({ address }) => address), ...partsOf(Buffer.concat(chunks).toString()) });
      });
    },
  });
  server.on('error', () => undefined); // A broker that was killed breaks its connection off.
  const listening = server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => listening.once('listening', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('the mail server does not listen');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    acceptBy: (own) => {
      accept = own;
    },
  };
}

function partsOf(raw: string): { readonly headers: string; readonly text: string } {
  const plain = raw.replaceAll('\r\n', '\n');
  const end = plain.indexOf('\n\n');
  const headers = plain.slice(0, end);
  return { headers, text: decoded(plain.slice(end + 2), headers) };
}

function decoded(body: string, headers: string): string {
  if (/^Content-Transfer-Encoding: base64$/im.test(headers)) return Buffer.from(body, 'base64').toString();
  if (!/^Content-Transfer-Encoding: quoted-printable$/im.test(headers)) return body;
  const bytes = body
    .replaceAll('=\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
