import { expect, it } from 'vitest';
import { type Answer, call } from './call.ts';
import type { Case, Json, JsonObject, Request } from './cases/case.ts';
import { type SqsServerOptions, serveSqs } from './serve-sqs.ts';

/** Runs each case against a server of its own, over HTTP. */
export function runCases(cases: readonly Case[], options: SqsServerOptions = {}): void {
  for (const each of cases) it(`${each.name} [${each.spec}]`, () => runCase(each, options));
}

async function runCase({ steps }: Case, options: SqsServerOptions): Promise<void> {
  const server = await serveSqs(options);
  const saved = new Map<string, string>();
  try {
    for (const step of steps) {
      if ('advanceMs' in step) server.clock.advance(step.advanceMs);
      else {
        const answer = await call(server, step.op, filled(step.input, saved));
        check(answer, step, saved);
        for (const [name, path] of Object.entries(step.save ?? {})) saved.set(name, at(answer.output, path));
      }
    }
    expect(server.reported).toEqual([]);
  } finally {
    await server.stop();
  }
}

function check(answer: Answer, step: Request, saved: ReadonlyMap<string, string>): void {
  const where = `${step.op} ${JSON.stringify(step.input).slice(0, 200)}`;
  if (step.error !== undefined) {
    const { shape, code, status, message } = step.error;
    const expected = {
      status,
      queryError: `${code};Sender`,
      errorType: `com.amazonaws.sqs#${shape}`,
      output: { __type: `com.amazonaws.sqs#${shape}` },
    };
    expect(answer, where).toMatchObject(expected);
    if (message !== undefined) expect(answer.output.message, where).toBe(filled(message, saved));
    return;
  }
  expect({ status: answer.status, error: answer.output.message }, where).toEqual({ status: 200, error: undefined });
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
