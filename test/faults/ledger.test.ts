import { describe, expect, test } from 'vitest';
import { type Fault, Ledger } from './ledger.ts';

/** A history in a line: who sends, who is given what. The ledger must find what is planted, and nothing in the control. */
class Story {
  readonly ledger: Ledger;
  private now = 0;

  constructor(kind: 'standard' | 'fifo') {
    this.ledger = new Ledger(kind);
  }

  sent(index: number, id = `id${index}`, sequence = String(100 + index)): this {
    this.ledger.sendAsked({ group: 'g', index });
    this.ledger.sendAnswered({ group: 'g', index }, id, sequence);
    return this;
  }

  sentUnanswered(index: number): this {
    this.ledger.sendAsked({ group: 'g', index });
    return this;
  }

  given(indexes: readonly number[], id?: string): this {
    const deliveries = indexes.map((index) => ({ key: { group: 'g', index }, id: id ?? `id${index}` }));
    this.ledger.received(deliveries, this.tick(), this.tick(), 1_000);
    return this;
  }

  deleted(index: number, isDone = true): this {
    this.ledger.deleteAsked({ group: 'g', index });
    this.ledger.deleteAnswered({ group: 'g', index }, isDone, this.tick());
    return this;
  }

  deleteUnanswered(index: number): this {
    this.ledger.deleteAsked({ group: 'g', index });
    return this;
  }

  restarted(): this {
    this.ledger.restarted();
    return this;
  }

  counted(count: number): this {
    this.ledger.beginDrain(count);
    return this;
  }

  later(ms: number): this {
    this.now += ms;
    return this;
  }

  faults(): readonly Fault[] {
    this.ledger.end();
    return this.ledger.findings.map(({ fault }) => fault);
  }

  private tick(): number {
    this.now++;
    return this.now;
  }
}

const fifo = (): Story => new Story('fifo');
const standard = (): Story => new Story('standard');

describe('what is planted is found', () => {
  const planted: readonly (readonly [Fault, string, () => Story])[] = [
    ['lost', 'an acknowledged send that is never given', () => standard().sent(0).restarted().counted(0)],
    [
      'lost',
      'a message given before a crash and never again',
      () => standard().sent(0).given([0]).restarted().counted(0),
    ],
    ['lost', 'a message whose delete was refused', () => standard().sent(0).given([0]).deleted(0, false)],
    [
      'doubled',
      'one deduplication id as two messages',
      () => fifo().sentUnanswered(0).given([0], 'a').deleted(0).given([0], 'b'),
    ],
    [
      'doubled',
      'a repeated send that is answered with another id',
      () => fifo().sent(0, 'a').sent(0, 'b').given([0], 'a').deleted(0),
    ],
    [
      'came-back',
      'a deleted message in the same round',
      () => fifo().sent(0).given([0]).deleted(0).later(2_000).given([0]),
    ],
    [
      'came-back',
      'a deleted message after a crash',
      () => standard().sent(0).given([0]).deleted(0).restarted().given([0]),
    ],
    [
      'overtaken',
      'the second of a group alone',
      () => fifo().sent(0).sent(1).given([1]).deleted(1).given([0]).deleted(0),
    ],
    [
      'overtaken',
      'the second before the first in one answer',
      () => fifo().sent(0).sent(1).given([1, 0]).deleted(1).deleted(0),
    ],
    [
      'overtaken',
      'the second while the first is held',
      () => fifo().sent(0).sent(1).given([0]).given([1]).deleted(0).deleted(1),
    ],
    [
      'overtaken',
      'the second after a crash that forgot the first one’s lease',
      () => fifo().sent(0).sent(1).given([0]).restarted().given([1]).deleted(1).given([0]).deleted(0),
    ],
    [
      'disordered',
      'sequence numbers that do not count up',
      () =>
        fifo()
          .sent(0, 'a', '9')
          .sent(1, 'b', '10')
          .sent(2, 'c', '10')
          .given([0], 'a')
          .deleted(0)
          .given([1], 'b')
          .deleted(1)
          .given([2], 'c')
          .deleted(2),
    ],
    ['leased-twice', 'a message given to two at a time', () => standard().sent(0).given([0]).given([0]).deleted(0)],
    ['unknown', 'a message that nobody sent', () => standard().given([7])],
    ['miscounted', 'a count of one in an empty queue', () => standard().counted(1)],
    ['miscounted', 'a count of none in a queue of one', () => standard().sent(0).counted(0).given([0]).deleted(0)],
  ];

  test.each(planted)('%s: %s', (fault, _what, story) => {
    expect(story().faults()).toEqual([fault]);
  });
});

describe('what may happen is no fault', () => {
  const allowed: readonly (readonly [string, () => Story])[] = [
    ['all is sent, given and deleted', () => fifo().sent(0).sent(1).given([0, 1]).deleted(0).deleted(1).counted(0)],
    ['an unanswered send never happened', () => standard().sentUnanswered(0).restarted().counted(0)],
    ['an unanswered send happened', () => standard().sentUnanswered(0).restarted().counted(1).given([0]).deleted(0)],
    ['an unanswered delete happened', () => standard().sent(0).given([0]).deleteUnanswered(0).restarted().counted(0)],
    [
      'an unanswered delete never happened',
      () => standard().sent(0).given([0]).deleteUnanswered(0).restarted().counted(1).given([0]).deleted(0),
    ],
    [
      'a crash forgets a lease',
      () => fifo().sent(0).sent(1).given([0]).restarted().given([0, 1]).deleted(0).deleted(1),
    ],
    ['a lease ends', () => standard().sent(0).given([0]).later(1_001).given([0]).deleted(0)],
    [
      'the second comes when the first may be deleted',
      () => fifo().sent(0).sent(1).given([0]).deleteUnanswered(0).given([1]).deleted(1),
    ],
    ['a repeated send is answered as the first was', () => fifo().sent(0).sent(0).given([0]).deleted(0)],
  ];

  test.each(allowed)('%s', (_what, story) => {
    expect(story().faults()).toEqual([]);
  });
});

test('a delete that a crash undid counts for nothing once its message was given again', () => {
  const story = fifo().sent(0).sent(1).given([0]).deleteUnanswered(0).restarted().given([0]);

  expect(story.given([1]).faults()).toEqual(['overtaken', 'lost', 'lost']);
});
