import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, temporaryFolder } from '../../support/launch.ts';
import { user } from '../../support/users.ts';
import { presigned, signed } from '../aws/sigv4/sign.ts';
import { serveSqs } from './serve-sqs.ts';
import { rootKey, signedCall } from './signed-call.ts';

/** One of the ways into the front, with a user and a queue `orders`. */
interface Site {
  readonly port: number;
  now(): number;
  /** Failures of the broker's own. */
  defects(): number;
  stop(): Promise<void>;
}

async function nodeSite(): Promise<Site> {
  const server = await serveSqs({ users: [user('root', { isAdmin: true, accessKeys: [rootKey] })] });
  await signedCall(server, rootKey, 'CreateQueue', { QueueName: 'orders' });
  return {
    port: server.port,
    now: () => server.clock.now(),
    defects: () => server.reported.length,
    stop: () => server.stop(),
  };
}

async function laneSite(): Promise<Site> {
  const file = join(await temporaryFolder(), 'gantry.yaml');
  const key = `{ id: ${rootKey.id}, secret: "${rootKey.secret}" }`;
  await writeFile(file, `users: [{ name: root, admin: true, password: p, access-keys: [${key}] }]`);
  const broker = await launch({ args: ['--config', file] });
  const port = Number(new URL(broker.endpoint).port);
  await signedCall({ port, clock: { now: Date.now } }, rootKey, 'CreateQueue', { QueueName: 'orders' });
  return {
    port,
    now: Date.now,
    defects: () => broker.output().stderr.split('invariant-failure').length - 1,
    stop: async () => void (await broker.stop()),
  };
}

let server: Site;

const body = JSON.stringify({ QueueUrl: 'http://localhost/000000000000/orders', MessageBody: 'pay 10 euros' });
const target = { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'AmazonSQS.SendMessage' };

/** A request that is served, in bytes; every one of them is signed, but for those of `HTTP/1.1` and `Connection`, which the lane does not take if it is to close. */
function goodRequest(): Buffer {
  const request = { method: 'POST', url: '/', headers: { Host: `127.0.0.1:${server.port}`, ...target }, body };
  const headers = signed(request, { keyId: rootKey.id, secret: rootKey.secret, at: server.now() });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return bytesOf(`POST / HTTP/1.1`, lines);
}

function bytesOf(start: string, lines: readonly string[]): Buffer {
  const length = `Content-Length: ${body.length}`;
  return Buffer.from(`${[start, ...lines, length, 'Connection: keep-alive'].join('\r\n')}\r\n\r\n${body}`);
}

function goodUrl(): Buffer {
  const host = { Host: `127.0.0.1:${server.port}` };
  const request = { method: 'POST', url: '/000000000000/orders?a=b', headers: { ...host, ...target }, body };
  const url = presigned(request, { keyId: rootKey.id, secret: rootKey.secret, at: server.now() }, 60);
  const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  return bytesOf(`POST ${url} HTTP/1.1`, lines);
}

/**
 * @param isWhole else nothing comes after it, so that whoever waits for more hears that there is none
 * @returns the status of the answer; 0: the connection was closed without one
 */
function statusOf(bytes: Uint8Array, isWhole = true): Promise<number> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(server.port, '127.0.0.1', () => (isWhole ? socket.write(bytes) : socket.end(bytes)));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)));
  });
}

/** Where the parts are that HTTP itself reads: a change there is no forgery but another kind of request. */
function signedPlaces(bytes: Buffer): readonly number[] {
  const text = bytes.toString('latin1');
  const places: number[] = [];
  const add = (from: number, to: number): void => {
    for (let at = from; at < to; at++) places.push(at);
  };
  add(text.indexOf(' ') + 2, text.indexOf(' HTTP/1.1'));
  for (const [, value = ''] of text.matchAll(
    /^(?:Host|X-Amz-Date|X-Amz-Target|Content-Type|Authorization): (.*)\r$/gm,
  )) {
    const from = text.indexOf(value);
    add(from, from + value.length);
  }
  add(text.length - body.length, text.length);
  return places;
}

describe.each([
  ['node:http', 'by its headers', nodeSite, goodRequest],
  ['node:http', 'by its URL', nodeSite, goodUrl],
  ['the lane', 'by its headers', laneSite, goodRequest],
  ['the lane', 'by its URL', laneSite, goodUrl],
])('through %s a request that is signed %s', (_, __, start, good) => {
  beforeAll(async () => {
    server = await start();
  }, 30_000);
  afterAll(async () => {
    expect(server.defects()).toBe(0);
    await server.stop();
  });

  it('is served as it is', async () => {
    expect(await statusOf(good())).toBe(200);
  });

  it('is refused when any byte of it is another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 0x21, max: 0x7e }), async (place, byte) => {
        const bytes = good();
        const places = signedPlaces(bytes);
        const at = places[place % places.length] ?? 0;
        fc.pre(isAnother(bytes, at, byte));
        bytes[at] = byte;

        const isAddressed = at >= addressEnd(bytes) && !isWithin(bytes, at, 'X-Amz-Target: ');
        // 400 where no operation has the name or the URL is no HTTP any more, 404 where the URL is nobody's.
        expect(isAddressed ? [403] : [403, 400, 404]).toContain(await statusOf(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('is no defect when a part of it is left out or put in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat({ max: 8 }), fc.string({ maxLength: 4 }), async (place, count, text) => {
        const bytes = good();
        const places = signedPlaces(bytes).filter((at) => at < bytes.length - body.length);
        const at = places[place % places.length] ?? 0;
        const inserted = Buffer.from(text.replace(/[^\x21-\x7e]/g, 'x'));
        const changed = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + count)]);
        fc.pre(!changed.equals(bytes) && changed.includes('\r\n\r\n'));

        expect(await statusOf(changed, false)).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });
});

function addressEnd(bytes: Buffer): number {
  return bytes.indexOf(' HTTP/1.1');
}

function isWithin(bytes: Buffer, at: number, header: string): boolean {
  const from = bytes.indexOf(header);
  return at >= from && at < bytes.indexOf('\r\n', from);
}

/** Small letters or capitals of a hexadecimal `%3a` are the same URL, and so is `%61` and `a`. */
function isAnother(bytes: Buffer, at: number, byte: number): boolean {
  if (bytes[at] === byte) return false;
  const before = bytes.toString('latin1', Math.max(0, at - 2), at);
  const isEscape = before.includes('%');
  return !(isEscape && String.fromCharCode(byte).toLowerCase() === String.fromCharCode(bytes[at] ?? 0).toLowerCase());
}
