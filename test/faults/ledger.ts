/**
 * The accounts of a run with crashes: what clients asked for, what they were told, what they were given. It says what a
 * broker may never do, and leaves open what nobody can know: a request without an answer happened or did not, and a
 * crash may forget who holds what.
 */
export interface Given {
  readonly key: MessageKey;
  readonly id: string;
}
/** `group/index`: the index counts up in the order of sending. A group of a standard queue says nothing about order. */
export interface MessageKey {
  readonly group: string;
  readonly index: number;
}
export type Fault =
  | 'lost' // acknowledged, never deleted, not there
  | 'doubled' // one send, two messages
  | 'came-back' // given after its delete was acknowledged
  | 'overtaken' // given before one of its group that came earlier and is still there
  | 'disordered' // sequence numbers against the order of sending
  | 'leased-twice' // given while somebody else's lease ran, with no crash between
  | 'unknown' // given, never sent
  | 'miscounted'; // the queue's own count, against what was found in it
export interface Finding {
  readonly fault: Fault;
  readonly what: string;
}

interface Account {
  readonly key: MessageKey;
  isAcked: boolean;
  id: string | undefined;
  sequence: string | undefined;
  isGiven: boolean;
  /** The round of the last delete that was asked for and not refused. */
  deleteAskedIn: number | undefined;
  deletesUnderWay: number;
  deletedAt: number | undefined;
  deletedIn: number | undefined;
  leasedIn: number | undefined;
  leaseSureUntil: number;
  isInDrain: boolean;
}
interface Group {
  readonly accounts: Account[];
  /** All before it are deleted for certain. */
  firstLeft: number;
}

const findingsKept = 50;

export class Ledger {
  readonly findings: Finding[] = [];
  private readonly isOrdered: boolean;
  private readonly groups = new Map<string, Group>();
  private round = 0;
  private counted: number | undefined;
  private found = 0;
  private messages = 0;

  constructor(kind: 'standard' | 'fifo') {
    this.isOrdered = kind === 'fifo';
  }

  get size(): number {
    return this.messages;
  }

  sendAsked({ group, index }: MessageKey): void {
    const known = this.groups.get(group) ?? { accounts: [], firstLeft: 0 };
    this.groups.set(group, known);
    if (known.accounts[index] !== undefined) return; // Sent again, for its answer was lost.
    if (index !== known.accounts.length) throw new Error('the run itself is wrong: messages of a group are numbered');
    known.accounts.push(newAccount({ group, index }));
    this.messages++;
  }

  sendAnswered(key: MessageKey, id: string, sequence: string | undefined): void {
    const account = this.find(key);
    if (account === undefined) throw new Error('the run itself is wrong: an answer to what was not sent');
    account.isAcked = true;
    if (!this.isSame(account, id)) return;
    account.sequence = sequence;
    if (sequence === undefined || key.index === 0) return;
    const before = this.groups.get(key.group)?.accounts[key.index - 1]?.sequence;
    if (before !== undefined && BigInt(before) >= BigInt(sequence))
      this.report('disordered', account, `${before} came before`);
  }

  /** @param asked and @param answered when the client asked for these and had them, milliseconds */
  received(deliveries: readonly Given[], asked: number, answered: number, leaseMs: number): void {
    const together = new Set<Account>();
    for (const { key, id } of deliveries) {
      const account = this.find(key);
      if (account === undefined) {
        this.note('unknown', `${key.group}/${key.index} was never sent`);
        continue;
      }
      if (!this.isSame(account, id)) continue;
      this.judgeGiven(account, asked, answered);
      if (this.isOrdered) this.judgeOrder(account, together);
      together.add(account);
      this.take(account, asked + leaseMs);
    }
  }

  deleteAsked(key: MessageKey): void {
    const account = this.find(key);
    if (account === undefined) return;
    account.deleteAskedIn = this.round;
    account.deletesUnderWay++;
  }

  deleteAnswered(key: MessageKey, isDone: boolean, at: number): void {
    const account = this.find(key);
    if (account === undefined) return;
    account.deletesUnderWay--;
    if (isDone) {
      account.deletedAt ??= at;
      account.deletedIn ??= this.round;
    } else if (account.deletesUnderWay === 0) account.deleteAskedIn = undefined;
  }

  /** The broker was killed and started again: leases may be forgotten, and no earlier request will happen any more. */
  restarted(): void {
    this.round++;
    for (const { accounts } of this.groups.values()) for (const account of accounts) account.deletesUnderWay = 0;
  }

  /** What the queue says it holds, before it is emptied; what is given from now on must be as many. */
  beginDrain(counted: number): void {
    this.counted = counted;
  }

  /** The queue is empty: whatever is not accounted for now is lost. */
  end(): void {
    for (const { accounts } of this.groups.values()) {
      for (const account of accounts) {
        if (!account.isAcked || account.deleteAskedIn !== undefined || account.deletedAt !== undefined) continue;
        this.report('lost', account, account.isGiven ? 'given once, never deleted' : 'acknowledged, never given');
      }
    }
    if (this.counted !== undefined && this.counted !== this.found) {
      this.note('miscounted', `the queue counted ${this.counted}, ${this.found} were found in it`);
    }
  }

  private find({ group, index }: MessageKey): Account | undefined {
    return this.groups.get(group)?.accounts[index];
  }

  private isSame(account: Account, id: string): boolean {
    account.id ??= id;
    if (account.id === id) return true;
    this.report('doubled', account, `${account.id} and ${id}`);
    return false;
  }

  private judgeGiven(account: Account, asked: number, answered: number): void {
    // Within one round an answer may have been on its way while the delete of an earlier delivery was acknowledged.
    const isDeletedBefore =
      account.deletedAt !== undefined && (account.deletedIn !== this.round || asked > account.deletedAt);
    if (isDeletedBefore) this.report('came-back', account, 'its delete was acknowledged');
    if (account.leasedIn === this.round && answered < account.leaseSureUntil) {
      this.report(
        'leased-twice',
        account,
        `${Math.round(account.leaseSureUntil - answered)} ms before the lease ended`,
      );
    }
  }

  /** All of its group before it are deleted, or may be, or are given in the same answer before it. */
  private judgeOrder(account: Account, together: ReadonlySet<Account>): void {
    const group = this.groups.get(account.key.group);
    if (group === undefined) return;
    while (group.accounts[group.firstLeft]?.deletedAt !== undefined) group.firstLeft++;
    for (let index = group.firstLeft; index < account.key.index; index++) {
      const earlier = group.accounts[index];
      if (earlier === undefined || earlier.deleteAskedIn !== undefined || together.has(earlier)) continue;
      this.report('overtaken', account, `${earlier.key.group}/${index} is still there`);
      return;
    }
  }

  private take(account: Account, leaseSureUntil: number): void {
    account.isGiven = true;
    account.leasedIn = this.round;
    account.leaseSureUntil = leaseSureUntil;
    // A delete of an earlier round that left no trace never happened, and never will.
    if (account.deleteAskedIn !== undefined && account.deleteAskedIn < this.round) account.deleteAskedIn = undefined;
    if (this.counted === undefined || account.isInDrain) return;
    account.isInDrain = true;
    this.found++;
  }

  private report(fault: Fault, { key }: Account, what: string): void {
    this.note(fault, `${key.group}/${key.index}: ${what}`);
  }

  private note(fault: Fault, what: string): void {
    if (this.findings.length < findingsKept) this.findings.push({ fault, what: `round ${this.round}: ${what}` });
  }
}

function newAccount(key: MessageKey): Account {
  return {
    key,
    isAcked: false,
    id: undefined,
    sequence: undefined,
    isGiven: false,
    deleteAskedIn: undefined,
    deletesUnderWay: 0,
    deletedAt: undefined,
    deletedIn: undefined,
    leasedIn: undefined,
    leaseSureUntil: 0,
    isInDrain: false,
  };
}
