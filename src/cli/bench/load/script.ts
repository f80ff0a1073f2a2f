/** What one connection does, request by request. */
import { hash } from 'node:crypto';
import type { Dialect } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import type { Endpoint } from './endpoint.ts';
import type { Plan, Run } from './plan.ts';
import { PublishScript } from './publish-script.ts';
import { bodyBytes, deleteRequest, receiveRequest, requestText, SendRequest, type Sends } from './requests.ts';
import { SignedSends } from './signed-sends.ts';

export interface Script {
  /** Undefined when the run is over and nothing is left half done. */
  next(run: Run): Uint8Array | undefined;
  /** Takes the body of an answer of status 200. @returns what is wrong with it */
  take(run: Run, bytes: Buffer, from: number, to: number): string | undefined;
}

export function createScript(endpoint: Endpoint, plan: Plan): Script {
  switch (plan.do) {
    case 'send':
      return new SendScript(
        dialectOf(endpoint),
        endpoint.credentials === undefined ? new SendRequest(endpoint, plan) : new SignedSends(endpoint, plan),
      );
    case 'publish':
      return new PublishScript(endpoint, plan);
    case 'cycle':
      return new CycleScript(endpoint, plan.queueUrl, {
        send: new SendRequest(endpoint, { ...plan, entries: entriesAtOnce }),
        doesDelete: true,
      });
    case 'drain':
    case 'hold':
      return new CycleScript(endpoint, plan.queueUrl, { send: undefined, doesDelete: plan.do === 'drain' });
    case 'ask':
      return new AskScript(endpoint, plan);
    case 'poll':
    case 'wake':
      throw new Error(`${plan.do} is not a closed loop`);
  }
}

class SendScript implements Script {
  private readonly dialect: Dialect;
  private readonly request: Sends;

  constructor(dialect: Dialect, request: Sends) {
    this.dialect = dialect;
    this.request = request;
  }

  next(run: Run): Uint8Array | undefined {
    return run.claim(this.request.entries) ? this.request.renew() : undefined;
  }

  take(run: Run, bytes: Buffer, from: number, to: number): string | undefined {
    run.sent += this.request.entries;
    return checkSent(run, this.dialect, this.request, bytes.subarray(from, to));
  }
}

class AskScript implements Script {
  private readonly request: Buffer;
  private readonly isRight: (answer: Buffer) => boolean;

  constructor(endpoint: Endpoint, plan: Extract<Plan, { do: 'ask' }>) {
    const dialect = dialectOf(endpoint);
    const input = { QueueUrl: plan.queueUrl, ...plan.input };
    this.request = Buffer.from(requestText(endpoint, plan.operation, input), 'latin1');
    this.isRight =
      plan.operation === 'ReceiveMessage'
        ? (answer) => dialect.findReceipts(answer).length === 0
        : (answer) => answer.includes('ApproximateNumberOfMessages');
  }

  next(run: Run): Uint8Array | undefined {
    return run.claim(1) ? this.request : undefined;
  }

  take(run: Run, bytes: Buffer, from: number, to: number): string | undefined {
    if (!isSample(run)) return undefined;
    const answer = bytes.subarray(from, to);
    return this.isRight(answer) ? undefined : `not the answer of an empty queue: ${answer.toString()}`;
  }
}

/** As many as SQS takes in one request. */
const entriesAtOnce = 10;

/** Its own sends and receives balance, so that the queue keeps its depth. */
class CycleScript implements Script {
  private readonly dialect: Dialect;
  private readonly endpoint: Endpoint;
  private readonly queueUrl: string;
  private readonly send: SendRequest | undefined;
  private readonly doesDelete: boolean;
  private readonly receive: Buffer;
  private step: 'send' | 'receive' | 'delete' = 'send';
  private receipts: readonly string[] = [];
  private owed = 0;

  constructor(
    endpoint: Endpoint,
    queueUrl: string,
    what: { readonly send: SendRequest | undefined; readonly doesDelete: boolean },
  ) {
    this.dialect = dialectOf(endpoint);
    this.endpoint = endpoint;
    this.queueUrl = queueUrl;
    this.send = what.send;
    this.doesDelete = what.doesDelete;
    this.receive = receiveRequest(endpoint, queueUrl);
  }

  next(run: Run): Uint8Array | undefined {
    if (this.receipts.length > 0) {
      this.step = 'delete';
      return deleteRequest(this.endpoint, this.queueUrl, this.receipts);
    }
    const owes = this.send !== undefined && this.owed >= entriesAtOnce;
    if (!owes && !run.claim(entriesAtOnce)) return undefined;
    if (this.send !== undefined && !owes) {
      this.step = 'send';
      return this.send.renew();
    }
    this.step = 'receive';
    return this.receive;
  }

  take(run: Run, bytes: Buffer, from: number, to: number): string | undefined {
    const answer = bytes.subarray(from, to);
    if (this.step === 'send' && this.send !== undefined) {
      this.owed += this.send.entries;
      run.sent += this.send.entries;
      return checkSent(run, this.dialect, this.send, answer);
    }
    if (this.step === 'receive') {
      const receipts = this.dialect.findReceipts(answer);
      run.received += receipts.length;
      if (this.send === undefined) run.giveBack(entriesAtOnce - receipts.length);
      else this.owed -= receipts.length;
      if (receipts.length === 0) run.emptyReceives++;
      if (this.doesDelete) this.receipts = receipts;
      return isSample(run) ? checkReceived(this.dialect, answer, receipts.length) : undefined;
    }
    run.deleted += this.receipts.length;
    this.receipts = [];
    return this.dialect.hasFailedEntry(answer) ? answer.toString() : undefined;
  }
}

/** One answer in 64 is read through; the others cost the generator too much of what it measures. */
function isSample(run: Run): boolean {
  return (run.checks++ & 63) === 0;
}

function checkSent(run: Run, dialect: Dialect, request: Sends, answer: Buffer): string | undefined {
  if (request.entries > 1 && dialect.hasFailedEntry(answer)) return answer.toString();
  if (!isSample(run)) return undefined;
  const content = answer.toString();
  const isRight =
    dialect.digestsOfSent(content).join() ===
    request
      .bodies()
      .map((body) => hash('md5', body, 'hex'))
      .join();
  return isRight ? undefined : `the digests are not those of the bodies sent: ${content}`;
}

function checkReceived(dialect: Dialect, answer: Buffer, count: number): string | undefined {
  const content = answer.toString();
  const { bodies, digests } = dialect.readMessages(content);
  const isRight =
    bodies.length === count &&
    bodies.every((body) => body.length === bodyBytes) &&
    digests.join() === bodies.map((body) => hash('md5', body, 'hex')).join();
  return isRight ? undefined : `not the bodies that were sent: ${content.slice(0, 500)}`;
}
