import { describe, expect, test } from 'vitest';
import { jsonLimits, parseBody, parseLists } from '../../../src/server/admin/json.ts';

const tooMany = expect.objectContaining({ code: 'too-large' });
const wrong = expect.objectContaining({ code: 'invalid-argument' });
const levels = (count: number) => `${'['.repeat(count)}${']'.repeat(count)}`;

describe('a body', () => {
  test('is JSON, or nothing', () => {
    expect(parseBody(Buffer.from('{"a":["\\"]}{[\\\\",1]}'))).toEqual({ a: ['"]}{[\\', 1] });
    expect(parseBody(Buffer.alloc(0))).toBeUndefined();
  });

  test.each([
    ['no JSON', Buffer.from('{')],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22])],
    ['too many levels', Buffer.from(levels(jsonLimits.depthMax + 1))],
  ])('of %s is refused', (_, bytes) => {
    expect(() => parseBody(bytes)).toThrow(wrong);
  });

  test('of very many values is refused before it is parsed', () => {
    const values = (count: number) => Buffer.from(`[${'{},'.repeat(count)}0]`);
    expect(parseBody(values(1_000))).toHaveLength(1_001);
    expect(() => parseBody(values(jsonLimits.valuesMax))).toThrow(tooMany);
    expect(parseBody(Buffer.from(JSON.stringify(['{,['.repeat(100_000)])))).toHaveLength(1);
  });
});

describe('an object of lists', () => {
  test.each([
    '{"queues":[{"name":"a","tags":{"x":[1,2]}},{"name":"b \\" ] }"}],"users":[{"name":"ü"}]}',
    ' { "queues" : [ ] , "users" : [ 1 , "x" , null , [ [ ] ] , { } ] } ',
    '{"queues":{"a":[{"b":1}]},"other":[[1]],"__proto__":[{}],"7":[{"n":7}],"3":[{"n":3}]}',
    '{"queues":[{"n":1}],"queues":[{"n":2}]}',
    '[]',
    '"queues"',
    '7',
    '{}',
  ])('is what JSON.parse makes of %s', async (text) => {
    expect(await parseLists(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  test.each([
    '{"a":[{]}',
    '{"a":[{}}',
    '{"a":[{},]}',
    '{"a":[{} {}]}',
    '{"a":[{"b":[}]}]}',
    '{"a":["]}',
    ']]]',
    '{"a":[{}]}]',
    '',
  ])('is refused where it is no JSON: %s', async (text) => {
    await expect(parseLists(Buffer.from(text))).rejects.toThrow(wrong);
  });

  test.each([
    ['a list of nothing', `{"queues":[${'{},'.repeat(jsonLimits.itemsMax)}{}]}`],
    ['an item of very many keys', `{"queues":[{${'"a":1,'.repeat(jsonLimits.itemValuesMax)}"b":1}]}`],
    ['very many keys around lists', `{${'"a":[{}],"b":1,'.repeat(jsonLimits.itemValuesMax)}"c":1}`],
    ['a very long item', `{"queues":["",{"a":"${' '.repeat(jsonLimits.itemBytesMax)}"}]}`],
    ['a very long text beside the lists', `{"queues":"${' '.repeat(jsonLimits.itemBytesMax)}"}`],
  ])('is refused when it holds %s', async (_, text) => {
    await expect(parseLists(Buffer.from(text))).rejects.toThrow(tooMany);
  });

  test('is refused when it is too deep', async () => {
    await expect(parseLists(Buffer.from(`{"a":[${levels(50_000)}]}`))).rejects.toThrow(wrong);
  });

  test('of 100,000 items lets others go on in between', async () => {
    const items = Array.from({ length: 100_000 }, (_, at) => ({ name: `queue-${at}`, tags: { a: 'x', b: 'y' } }));
    const bytes = Buffer.from(JSON.stringify({ queues: items }));
    let turns = 0;
    let isDone = false;
    const others = (): void => {
      turns++;
      if (!isDone) setImmediate(others);
    };
    setImmediate(others);

    const value = await parseLists(bytes);

    isDone = true;
    expect(value).toEqual({ queues: items });
    expect(turns).toBeGreaterThanOrEqual(Math.floor(bytes.length / jsonLimits.sliceBytes));
  });
});
