import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSubscriptionPolicy, parseTopicPolicy } from '../../../../protocols/sns/delivery/delivery-policy.ts';
import { GantryError } from '../../../../src/model/errors.ts';

function storedTopicPolicy(policy: unknown): string {
  return JSON.stringify(parseTopicPolicy(JSON.stringify(policy)));
}

function storedSubscriptionPolicy(policy: unknown): string {
  return JSON.stringify(parseSubscriptionPolicy(JSON.stringify(policy)));
}

const given = { minDelayTarget: 5, maxDelayTarget: 6, numRetries: 1 };

describe('the delivery policy of a topic is stored as AWS stores it [sqs-sns 2.2]', () => {
  test('what is not given stays out, but for disableSubscriptionOverrides', () => {
    const stored = storedTopicPolicy({ http: { defaultHealthyRetryPolicy: given } });

    expect(stored).toBe(
      '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1},"disableSubscriptionOverrides":false}}',
    );
  });

  test('members that are null vanish', () => {
    const stored = storedTopicPolicy({ http: { defaultHealthyRetryPolicy: null } });

    expect(stored).toBe('{"http":{"disableSubscriptionOverrides":false}}');
  });

  test('members stand in the order of AWS, in whichever they came', () => {
    const stored = storedTopicPolicy({
      http: {
        defaultRequestPolicy: { headerContentType: 'application/json' },
        defaultThrottlePolicy: { maxReceivesPerSecond: 7 },
        disableSubscriptionOverrides: true,
        defaultHealthyRetryPolicy: {
          backoffFunction: 'exponential',
          numMinDelayRetries: 2,
          numNoDelayRetries: 1,
          numMaxDelayRetries: 3,
          ...given,
          numRetries: 50,
        },
      },
    });

    expect(stored).toBe(
      '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":50,"numMaxDelayRetries":3,"numNoDelayRetries":1,' +
        '"numMinDelayRetries":2,"backoffFunction":"exponential"},"disableSubscriptionOverrides":true,"defaultThrottlePolicy":{"maxReceivesPerSecond":7},' +
        '"defaultRequestPolicy":{"headerContentType":"application/json"}}}',
    );
  });

  test('the empty text removes it', () => {
    expect(parseTopicPolicy('')).toBeUndefined();
    expect(parseSubscriptionPolicy('')).toBeUndefined();
  });

  test('a policy without http says nothing', () => {
    expect(storedTopicPolicy({})).toBe('{}');
    expect(storedTopicPolicy({ http: null })).toBe('{}');
  });
});

describe('the delivery policy of a subscription is stored with what is null [sqs-sns 2.11]', () => {
  test('every part is named', () => {
    const stored = storedSubscriptionPolicy({ requestPolicy: { headerContentType: 'text/csv' } });

    expect(stored).toBe(
      '{"healthyRetryPolicy":null,"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":{"headerContentType":"text/csv"},"guaranteed":false}',
    );
  });

  test('what AWS printed is taken back unchanged', () => {
    const printed =
      '{"healthyRetryPolicy":{"minDelayTarget":10,"maxDelayTarget":300,"numRetries":19,"numMaxDelayRetries":9,"numNoDelayRetries":2,"numMinDelayRetries":3,' +
      '"backoffFunction":"geometric"},"sicklyRetryPolicy":null,"throttlePolicy":{"maxReceivesPerSecond":2},"requestPolicy":null,"guaranteed":false}';

    expect(JSON.stringify(parseSubscriptionPolicy(printed))).toBe(printed);
  });
});

/** Texts that AWS was seen to answer with stand beside an `AWS`; the others follow their pattern. */
const refusals: readonly { policy: unknown; text: string; from?: 'AWS' }[] = [
  {
    policy: { healthyRetryPolicy: { numRetries: 5 } },
    text: 'healthyRetryPolicy.minDelayTarget must be specified',
    from: 'AWS',
  },
  {
    policy: { healthyRetryPolicy: { minDelayTarget: 1, numRetries: 5 } },
    text: 'healthyRetryPolicy.maxDelayTarget must be specified',
  },
  {
    policy: { healthyRetryPolicy: { minDelayTarget: 1, maxDelayTarget: 1 } },
    text: 'healthyRetryPolicy.numRetries must be specified',
  },
  {
    policy: { healthyRetryPolicy: { ...given, minDelayTarget: 7 } },
    text: 'healthyRetryPolicy.maxDelayTarget must be greater than or equal to minDelayTarget',
  },
  {
    policy: { healthyRetryPolicy: { ...given, minDelayTarget: 0 } },
    text: 'healthyRetryPolicy.minDelayTarget must be greater than or equal to 1',
  },
  {
    policy: { healthyRetryPolicy: { ...given, maxDelayTarget: 3601 } },
    text: 'healthyRetryPolicy.maxDelayTarget must be less than or equal to 3600',
  },
  {
    policy: { healthyRetryPolicy: { ...given, numRetries: 101 } },
    text: 'healthyRetryPolicy.numRetries must be less than or equal to 100',
  },
  {
    policy: { healthyRetryPolicy: { ...given, numRetries: -1 } },
    text: 'healthyRetryPolicy.numRetries must be greater than or equal to 0',
  },
  {
    policy: { healthyRetryPolicy: { ...given, numRetries: 1.5 } },
    text: 'healthyRetryPolicy.numRetries must be an integer',
  },
  {
    policy: { healthyRetryPolicy: { ...given, numRetries: '3' } },
    text: 'healthyRetryPolicy.numRetries must be an integer',
  },
  {
    policy: {
      healthyRetryPolicy: {
        ...given,
        numRetries: 5,
        numNoDelayRetries: 2,
        numMinDelayRetries: 2,
        numMaxDelayRetries: 2,
      },
    },
    text: 'healthyRetryPolicy.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries',
  },
  {
    policy: { healthyRetryPolicy: { ...given, backoffFunction: 'cubic' } },
    text: 'healthyRetryPolicy.backoffFunction must be one of linear|arithmetic|geometric|exponential',
  },
  { policy: { healthyRetryPolicy: [] }, text: 'healthyRetryPolicy must be a JSON object' },
  {
    policy: { healthyRetryPolicy: { ...given, retries: 1 } },
    text: 'Unexpected JSON member: healthyRetryPolicy.retries',
  },
  { policy: { http: {} }, text: 'Unexpected JSON member: http', from: 'AWS' },
  {
    policy: { throttlePolicy: { maxReceivesPerSecond: 0 } },
    text: 'throttlePolicy.maxReceivesPerSecond must be greater than or equal to 1',
  },
  { policy: { guaranteed: 'no' }, text: 'guaranteed must be a boolean' },
  { policy: [], text: 'failed to parse JSON: it must be an object' },
];

describe('a delivery policy that is wrong is refused', () => {
  test.each(refusals)('$text', ({ policy, text }) => {
    const parsing = () => storedSubscriptionPolicy(policy);

    expect(parsing).toThrow(expect.objectContaining({ code: 'invalid-argument', message: `DeliveryPolicy: ${text}` }));
  });

  test('of a topic by the path in its own form, in the words that AWS was seen to use', () => {
    const tooMany = () => storedTopicPolicy({ http: { defaultHealthyRetryPolicy: { ...given, numRetries: 101 } } });
    const ofSubscription = () => storedTopicPolicy({ throttlePolicy: { maxReceivesPerSecond: 1 } });

    expect(tooMany).toThrow(
      'DeliveryPolicy: http.defaultHealthyRetryPolicy.numRetries must be less than or equal to 100',
    );
    expect(ofSubscription).toThrow('DeliveryPolicy: Unexpected JSON member: throttlePolicy');
  });

  test.each(['nonsense', '{', 'null', '"text"', '1'])('%s is no policy', (text) => {
    expect(() => parseTopicPolicy(text)).toThrow('DeliveryPolicy: failed to parse JSON');
    expect(() => parseSubscriptionPolicy(text)).toThrow('DeliveryPolicy: failed to parse JSON');
  });

  test('one that is longer than any that says something', () => {
    const padded = (length: number) => `{}${' '.repeat(length - 2)}`;

    expect(parseTopicPolicy(padded(16_384))).toEqual({});
    expect(() => parseTopicPolicy(padded(16_385))).toThrow('must not be longer than 16384 characters');
  });

  test('the numbers at the edges are taken', () => {
    const edges = { minDelayTarget: 1, maxDelayTarget: 3600, numRetries: 100, numMaxDelayRetries: 100 };

    expect(parseSubscriptionPolicy(JSON.stringify({ healthyRetryPolicy: edges }))?.healthyRetryPolicy).toEqual(edges);
    expect(
      parseSubscriptionPolicy(JSON.stringify({ healthyRetryPolicy: { ...given, numRetries: 0 } }))?.healthyRetryPolicy,
    ).toMatchObject({ numRetries: 0 });
  });
});

describe('headerContentType', () => {
  const contentTypes = [
    ...['application/json', 'application/octet-stream', 'application/soap+xml', 'application/x-www-form-urlencoded'],
    ...['application/xml', 'text/css', 'text/csv', 'text/html', 'text/plain', 'text/xml', 'TEXT/Plain'],
    ...['text/plain; charset=UTF-8', 'text/plain; application/json'],
  ];
  const bad = [
    'text/bogus',
    '',
    'text/plain\r\nX-Evil: 1',
    'text/plain; a\u0000',
    'plain',
    `text/plain;${' '.repeat(128)}`,
  ];

  test.each(contentTypes)('%s is kept as it is', (headerContentType) => {
    const parsed = parseSubscriptionPolicy(JSON.stringify({ requestPolicy: { headerContentType } }));

    expect(parsed?.requestPolicy).toEqual({ headerContentType });
  });

  test.each(bad)('%j is refused', (headerContentType) => {
    const parsing = () => parseSubscriptionPolicy(JSON.stringify({ requestPolicy: { headerContentType } }));

    expect(parsing).toThrow('DeliveryPolicy: requestPolicy.headerContentType must be one of application/json|');
  });
});

test('whatever is given, a policy comes out that parses to itself, or a refusal', () => {
  const anyNumber = fc.oneof(fc.integer({ min: -2, max: 120 }), fc.constant(null), fc.double(), fc.string());
  const retry = fc.record(
    {
      ...{ minDelayTarget: anyNumber, maxDelayTarget: anyNumber, numRetries: anyNumber },
      ...{ numMaxDelayRetries: anyNumber, numNoDelayRetries: anyNumber, numMinDelayRetries: anyNumber },
      backoffFunction: fc.constantFrom('linear', 'geometric', null, 'x', 3),
    },
    { requiredKeys: ['minDelayTarget', 'maxDelayTarget', 'numRetries'] },
  );
  const policies = fc.oneof(
    fc.record({ healthyRetryPolicy: retry }),
    fc.record({ http: fc.record({ defaultHealthyRetryPolicy: retry }) }),
    fc.jsonValue(),
  );

  fc.assert(
    fc.property(policies, (policy) => {
      for (const parse of [parseTopicPolicy, parseSubscriptionPolicy]) {
        const stored = storedBy(parse, JSON.stringify(policy));
        if (stored !== undefined) expect(storedBy(parse, stored)).toBe(stored);
      }
    }),
  );
});

function storedBy(parse: (text: string) => unknown, text: string): string | undefined {
  try {
    return JSON.stringify(parse(text));
  } catch (error) {
    expect(error).toBeInstanceOf(GantryError);
    return undefined;
  }
}
