import { describe, expect, it } from 'vitest';
import { parseForm } from '../../../protocols/aws/form.ts';
import { frontLimits } from '../../../protocols/aws/limits.ts';
import { QueryMembers } from '../../../protocols/aws/query-members.ts';
import type { QuerySpelling } from '../../../protocols/aws/query-spelling.ts';
import { spellingOf } from '../../../protocols/sqs/query-spelling.ts';

/** As a service without a table of its own: the protocol's own way. */
const plain: QuerySpelling = { inputs: new Map(), outputs: new Map() };
/** The lists and maps of all that an SQS client asks for, in one. */
const some = (['CreateQueue', 'GetQueueAttributes', 'ReceiveMessage', 'SendMessageBatch'] as const).map(spellingOf);
const sqs: QuerySpelling = {
  inputs: new Map(some.flatMap(({ inputs }) => [...inputs])),
  outputs: new Map(some.flatMap(({ outputs }) => [...outputs])),
};

function members(text: string, spelling = sqs): QueryMembers {
  const form = parseForm(Buffer.from(text));
  if (form === undefined) throw new Error('it has too many parameters');
  return new QueryMembers(form, spelling);
}

describe('a form', () => {
  it.each([
    ['a=1&b=2', { a: '1', b: '2', c: undefined }],
    ['a=%C3%BC+%2B%26%3d%0D%0a', { a: 'ü +&=\r\n' }],
    ['a=ü', { a: 'ü' }],
    ['%61=1', { a: '1' }],
    ['a=1=2&b', { a: '1=2', b: '' }],
    ['a=1&a=2', { a: '1' }],
    ['&&a=1&&=3&', { a: '1' }],
    ['a=&b==', { a: '', b: '=' }],
    ['__proto__=1', { __proto__x: undefined, a: undefined }],
    ['', { a: undefined }],
  ])('%j is read as %j', (text, values) => {
    const read = members(text);

    for (const [name, value] of Object.entries(values)) expect(read.text(name), name).toBe(value);
  });

  it('as many parameters as allowed are read, one more is none of any operation', () => {
    const many = (count: number) =>
      parseForm(Buffer.from(Array.from({ length: count }, (_, index) => `p${index}=1`).join('&')));

    expect(many(frontLimits.formParametersMax)?.names).toHaveLength(frontLimits.formParametersMax);
    expect(many(frontLimits.formParametersMax + 1)).toBeUndefined();
    expect(parseForm(Buffer.alloc(frontLimits.formParametersMax + 1, '&'))).toBeUndefined();
  });

  it('a name at the limit of its length is read, a longer one passed over', () => {
    const name = 'n'.repeat(frontLimits.formNameCharactersMax);

    expect(members(`${name}=1`).text(name)).toBe('1');
    expect(members(`${name}n=1`).text(`${name}n`)).toBeUndefined();
  });

  it('a value that is asked for twice is the same text', () => {
    const read = members('a=%41');

    expect([read.text('a'), read.text('a')]).toEqual(['A', 'A']);
  });

  it('four megabytes without a sign of equality, or of nothing but signs, are read at once', () => {
    const startedAt = performance.now();
    for (const text of ['a&'.repeat(9_000) + 'a'.repeat(4_000_000), '='.repeat(4_000_000), '%'.repeat(4_000_000)])
      members(text).text('a');

    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('lists', () => {
  it.each([
    ['AttributeName.1=a&AttributeName.2=b', ['a', 'b']],
    ['AttributeName.2=b&AttributeName.1=a', ['a', 'b']],
    ['AttributeName.10=b&AttributeName.9=a', ['a', 'b']],
    ['AttributeName.999999999=b&AttributeName.3=a', ['a', 'b']],
    ['AttributeName.0=a', ['a']],
    ['AttributeNames.1=a', ['a']],
    ['AttributeName=a', ['a']],
    ['AttributeName.1=', ['']],
    ['AttributeNames=', []],
    ['AttributeNameX.1=a', undefined],
    ['', undefined],
  ])('%j has the names %j', (text, names) => {
    expect(members(text).texts('AttributeNames')).toEqual(names);
  });

  it('structures have their own members and lists', () => {
    const entry = 'SendMessageBatchRequestEntry';
    const attribute = `${entry}.2.MessageAttribute.1`;
    const read = members(
      `${entry}.1.Id=a&${entry}.1.DelaySeconds=5&${entry}.2.Id=b&${attribute}.Name=n&${attribute}.Value.DataType=String&${attribute}.Value.StringValue=v`,
    );
    const [first, second] = read.structures('Entries') ?? [];
    const [name, value] = second?.structureMap('MessageAttributes')?.[0] ?? [];

    expect([first?.text('Id'), first?.integer('DelaySeconds'), second?.text('Id')]).toEqual(['a', 5, 'b']);
    expect(first?.structureMap('MessageAttributes')).toBeUndefined();
    expect([name, value?.text('DataType'), value?.text('StringValue')]).toEqual(['n', 'String', 'v']);
  });

  it('a service without a table has lists of members and maps of entries, as the protocol has', () => {
    const read = members(
      'Tags.member.1.Key=k&Names.member.2=b&Attributes.entry.1.key=k&Attributes.entry.1.value=v',
      plain,
    );

    expect(read.structures('Tags')?.map((tag) => tag.text('Key'))).toEqual(['k']);
    expect(read.texts('Names')).toEqual(['b']);
    expect(read.textMap('Attributes')).toEqual([['k', 'v']]);
  });
});

describe('maps', () => {
  it.each([
    [
      'Attribute.1.Name=a&Attribute.1.Value=1&Attribute.2.Value=2&Attribute.2.Name=b',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['Attribute.Name=a&Attribute.Value=1', [['a', '1']]],
    ['Attributes.1.Name=a&Attributes.1.Value=1', [['a', '1']]],
    ['Attribute.1.Name=a&Attribute.1.Value=1&Attribute.2.Name=a&Attribute.2.Value=2', [['a', '2']]],
    ['Attribute.1.Name=__proto__&Attribute.1.Value=', [['__proto__', '']]],
    ['Attribute.999999999.Name=a&Attribute.999999999.Value=1', [['a', '1']]],
    ['', undefined],
  ])('%j has the pairs %j', (text, pairs) => {
    expect(members(text).textMap('Attributes')).toEqual(pairs);
  });

  it.each([
    'Attribute.1.Name=a',
    'Attribute.1.Value=a',
    'Attribute.1=a',
    'Attribute.1.name=a&Attribute.1.Value=a',
    'Attribute.9999999999999999.Name=a&Attribute.9999999999999999.Value=1',
    'Attribute.-1.Name=a&Attribute.-1.Value=1',
  ])('%j is malformed', (text) => {
    expect(() => members(text).textMap('Attributes')).toThrow('An element of Attributes has no ');
  });
});

it('ten thousand elements are read in one pass, whatever their numbers', () => {
  const numbers = Array.from({ length: frontLimits.formParametersMax / 2 }, (_, index) => (index * 7919) % 999_983);
  const text = numbers.map((number) => `Attribute.${number}.Name=${number}&Attribute.${number}.Value=`).join('&');
  const startedAt = performance.now();
  const pairs = members(text).textMap('Attributes');

  expect(pairs?.map(([name]) => Number(name))).toEqual(numbers.toSorted((left, right) => left - right));
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it.each([
  ['a=x+y&b=%7E%20', true],
  ['a=%0A', false],
  ['a=\n', false],
  ['a=%C3%BC', false],
  ['a=ü', false],
  ['a=x&z=%00', true],
])('of %j it is known whether the texts that were asked for are plain: %s', (text, isPlain) => {
  const read = members(text);
  for (const name of ['a', 'b']) read.text(name);

  expect(read.isPlainText).toBe(isPlain);
});
