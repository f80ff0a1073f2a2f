/**
 * Posts and answers as they cross between the threads: values in a row, for to clone objects with names costs twice as
 * much (8 us of a round trip of 90; bench/send, one connection). What is rarely there is left out.
 */
import type { GroupAnswer } from './engine.ts';
import type { Post } from './post.ts';
import type { RoomLeft } from './space.ts';

export type PostMessage = readonly [
  packed: Uint8Array,
  now: number,
  bodyFloor: number,
  objects?: readonly unknown[] | undefined,
];
export type AnswerMessage = readonly [
  packed: Uint8Array<ArrayBuffer>,
  posts: number,
  at: number,
  nextAt: number,
  room: RoomLeft,
  commits: number,
  commitSeconds: number,
  reclaimPending: number,
  entriesInMemory: number,
  ready?: readonly number[] | undefined,
  objects?: readonly unknown[] | undefined,
];

export function postMessageOf({ packed, now, bodyFloor, objects }: Post): PostMessage {
  return objects.length === 0 ? [packed, now, bodyFloor] : [packed, now, bodyFloor, objects];
}

export function postOf([packed, now, bodyFloor, objects = []]: PostMessage): Post {
  return { packed, now, bodyFloor, objects };
}

export function answerMessageOf(answer: GroupAnswer): AnswerMessage {
  const { packed, posts, at, nextAt, room, ready, objects } = answer;
  const { commits, commitSeconds, reclaimPending, entriesInMemory } = answer.measures;
  const hasMore = ready.length > 0 || objects.length > 0;
  return hasMore
    ? [packed, posts, at, nextAt, room, commits, commitSeconds, reclaimPending, entriesInMemory, ready, objects]
    : [packed, posts, at, nextAt, room, commits, commitSeconds, reclaimPending, entriesInMemory];
}

export function answerOf(message: AnswerMessage): GroupAnswer {
  const [packed, posts, at, nextAt, room, commits, commitSeconds, reclaimPending, entriesInMemory] = message;
  return {
    packed,
    posts,
    at,
    nextAt,
    room,
    measures: { commits, commitSeconds, reclaimPending, entriesInMemory },
    ready: message[9] ?? [],
    objects: message[10] ?? [],
  };
}
