/** What one connection does, request by request. */
import { hash } from 'node:crypto';
import type { Plan, Run } from './plan.ts';
import { bodyBytes, deleteRequest, type Endpoint, receiveRequest, SendRequest } from './requests.ts';

export interface Script {
  /** Undefined when the run is over and nothing is left half done. */
  next(run: Run): Uint8Array | undefined;
  /** Takes the body of an answer of status 200. @returns what is wrong with it */
  take(run: Run, bytes: Buffer, from: number, to: number): string | undefined;
}

export function createScript(endpoint: Endpoint, plan: Plan): Script {
  switch (plan.do) {
    case 'send':
      return new SendScript(new SendRequest(endpoint, plan));
    case 'cycle':
      return new CycleScript(endpoint, plan.queueUrl, {
        send: new SendRequest(endpoint, { ...plan, entries: entriesAtOnce }),
        doesDelete: true,
      });
    case 'drain':
    case 'hold':
      return new CycleScript(endpoint, plan.queueUrl, { send: undefined, doesDelete: plan.do === 'drain' });
    case 'poll':
    case 'wake':
      throw new Error(`${plan.do} is not a closed loop`);
  }
}

class SendScript implements Script {
  private readonly request: SendRequest;

  constructor(request: SendRequest) {
    this.request = request;
  }

  next(run: Run): Uint8Array | undefined {
    return run.claim(this.request.entries) ? this.request.renew() : undefined;
  }

  take(run: Run, bytes: Buffer, from: number, to: number): string | undefined {
    run.sent += this.request.entries;
    return checkSent(run, this.request, bytes.subarray(from, to));
  }
}

/** As many as SQS takes in one request. */
const entriesAtOnce = 10;

/** Its own sends and receives balance, so that the queue keeps its depth. */
class CycleScript implements Script {
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
      return checkSent(run, this.send, answer);
    }
    if (this.step === 'receive') {
      const receipts = findReceipts(answer);
      run.received += receipts.length;
      if (this.send === undefined) run.giveBack(entriesAtOnce - receipts.length);
      else this.owed -= receipts.length;
      if (receipts.length === 0) run.emptyReceives++;
      if (this.doesDelete) this.receipts = receipts;
      return isSample(run) ? checkReceived(answer, receipts.length) : undefined;
    }
    run.deleted += this.receipts.length;
    this.receipts = [];
    return answer.includes(failedEntry) ? answer.toString() : undefined;
  }
}

const failedEntry = '"Failed":[{';
const receiptStart = Buffer.from('"ReceiptHandle":"');

function findReceipts(answer: Buffer): readonly string[] {
  const receipts: string[] = [];
  for (let at = answer.indexOf(receiptStart); at >= 0; at = answer.indexOf(receiptStart, at)) {
    const end = answer.indexOf(0x22, at + receiptStart.length);
    receipts.push(answer.toString('latin1', at + receiptStart.length, end));
    at = end;
  }
  return receipts;
}

/** One answer in 64 is read through; the others cost the generator too much of what it measures. */
function isSample(run: Run): boolean {
  return (run.checks++ & 63) === 0;
}

function checkSent(run: Run, request: SendRequest, answer: Buffer): string | undefined {
  if (request.entries > 1 && answer.includes(failedEntry)) return answer.toString();
  if (!isSample(run)) return undefined;
  const content = answer.toString();
  const digests = [...content.matchAll(/"MD5OfMessageBody":"([0-9a-f]{32})"/g)].map((match) => match[1]);
  const isRight =
    digests.join() ===
    request
      .bodies()
      .map((body) => hash('md5', body, 'hex'))
      .join();
  return isRight ? undefined : `the digests are not those of the bodies sent: ${content}`;
}

function checkReceived(answer: Buffer, count: number): string | undefined {
  const content = answer.toString();
  const bodies = [...content.matchAll(/"Body":"([^"]*)"/g)].map((match) => match[1] ?? '');
  const digests = [...content.matchAll(/"MD5OfBody":"([0-9a-f]{32})"/g)].map((match) => match[1]);
  const isRight =
    bodies.length === count &&
    bodies.every((body) => body.length === bodyBytes) &&
    digests.join() === bodies.map((body) => hash('md5', body, 'hex')).join();
  return isRight ? undefined : `not the bodies that were sent: ${content.slice(0, 500)}`;
}
