import { expect, it } from 'vitest';
import { type Answer, call } from './call.ts';
import type { Case, Json, JsonObject, Request } from './cases/case.ts';
import { callQuery, type QueryAnswer } from './query/call.ts';
import { type SqsServerOptions, serveSqs } from './serve-sqs.ts';

/** Runs each case against a server of its own, over HTTP, in both protocols. */
export function runCases(cases: readonly Case[], options: SqsServerOptions = {}): void {
  for (const each of cases) {
    it(`${each.name} [${each.spec}]`, () => runCase(each, options, call, checkError));
    if (each.isForJsonOnly !== true) {
      it(`${each.name} [${each.spec}], by Query`, () => runCase(each, options, callQuery, checkQueryError));
    }
  }
}

/** One protocol's way of asking, and of refusing. */
async function runCase<A extends Answer>(
  { steps }: Case,
  options: SqsServerOptions,
  ask: (server: { readonly port: number }, operation: string, input: JsonObject) => Promise<A>,
  checkRefusal: (answer: A, error: Refusal, message: string | undefined, where: string) => void,
): Promise<void> {
  const server = await serveSqs(options);
  const saved = new Map<string, string>();
  try {
    for (const step of steps) {
      if ('advanceMs' in step) server.clock.advance(step.advanceMs);
      else {
        const answer = await ask(server, step.op, filled(step.input, saved));
        const where = `${step.op} ${JSON.stringify(step.input).slice(0, 200)}`;
        const { error } = step;
        if (error === undefined) check(answer, step, saved, where);
        else checkRefusal(answer, error, error.message === undefined ? undefined : filled(error.message, saved), where);
        for (const [name, path] of Object.entries(step.save ?? {})) saved.set(name, at(answer.output, path));
      }
    }
    expect(server.reported).toEqual([]);
  } finally {
    await server.stop();
  }
}

type Refusal = NonNullable<Request['error']>;

function checkError(answer: Answer, { shape, code, status }: Refusal, message: string | undefined, where: string) {
  const expected = {
    status,
    queryError: `${code};Sender`,
    output: { __type: `com.amazonaws.sqs#${shape}` },
  };
  expect(answer, where).toMatchObject(expected);
  expect(answer.headers, where).not.toHaveProperty('x-amzn-errortype'); // It would mislead the SDK for Java 1.
  if (message !== undefined) expect(answer.output.message, where).toBe(message);
}

function checkQueryError(answer: QueryAnswer, { code, status }: Refusal, message: string | undefined, where: string) {
  expect(answer, where).toMatchObject({ status, error: { type: 'Sender', code } });
  if (message !== undefined) expect(answer.error?.message, where).toBe(inQuery(message));
}

/** The one text that differs (verified) [sqs-sns 0.2]. */
function inQuery(message: string): string {
  const start = 'The specified queue does not exist';
  return message === `${start}.` ? `${start} for this wsdl version.` : message;
}

function check(answer: Answer, step: Request, saved: ReadonlyMap<string, string>, where: string): void {
  expect(answer.status, `${where}: ${answer.text.slice(0, 500)}`).toBe(200);
  if (step.output !== undefined) expect(answer.output, where).toMatchObject(matching(filled(step.output, saved)));
  if (step.exactly !== undefined) expect(answer.output, where).toEqual(matching(filled(step.exactly, saved)));
  for (const key of step.absent ?? []) expect(answer.output, where).not.toHaveProperty(key);
}

/** `<name>` replaced by what was saved, everywhere. */
function filled<T extends Json>(value: T, saved: ReadonlyMap<string, string>): T;
function filled(value: Json, saved: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return value.replace(/<([^<>]+)>/g, (whole, name: string) => saved.get(name) ?? whole);
  if (Array.isArray(value)) return value.map((each) => filled(each, saved));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, saved)]));
}

function matching(value: Json): object {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) => (each === '<any>' ? expect.any(String) : each));
}

function at(output: JsonObject, path: string): string {
  let value: unknown = output;
  for (const part of path.split('.')) {
    value =
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([key]) => key === part)?.[1]
        : undefined;
  }
  if (typeof value !== 'string') throw new Error(`the answer has no text at ${path}: ${JSON.stringify(output)}`);
  return value;
}
