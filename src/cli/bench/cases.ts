import type { Plan } from './load/plan.ts';

/** What `gantry bench` measures, in this order. */
export interface Case {
  readonly name: string;
  readonly title: string;
  readonly connections: number;
  plan(queueUrl: string): Plan;
}

const many = 64;

export const cases: readonly Case[] = [
  {
    name: 'send',
    title: `SendMessage, ${many} connections`,
    connections: many,
    plan: (queueUrl) => ({ do: 'send', queueUrl, entries: 1 }),
  },
  {
    name: 'alone',
    title: 'SendMessage, one connection',
    connections: 1,
    plan: (queueUrl) => ({ do: 'send', queueUrl, entries: 1 }),
  },
  {
    name: 'batch',
    title: `SendMessageBatch of 10, ${many} connections`,
    connections: many,
    plan: (queueUrl) => ({ do: 'send', queueUrl, entries: 10 }),
  },
  {
    name: 'cycle',
    title: `send, receive, delete by tens, ${many} connections`,
    connections: many,
    plan: (queueUrl) => ({ do: 'cycle', queueUrl }),
  },
];
