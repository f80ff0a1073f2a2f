/**
 * What the commands read of the broker's answers. Behind an address may stand anything that speaks HTTP: what it says is
 * looked at before it is believed. More than is listed may be there, for a broker may be newer.
 */
type Shape = (value: unknown) => boolean;

const text: Shape = (value) => typeof value === 'string';
const number: Shape = (value) => typeof value === 'number';
const truth: Shape = (value) => typeof value === 'boolean';
const anything: Shape = () => true;
const absent: Shape = (value) => value === undefined;
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);
const nullable =
  (shape: Shape): Shape =>
  (value) =>
    value === null || shape(value);
const list =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const map =
  (shape: Shape): Shape =>
  (value) =>
    isObject(value) && Object.values(value).every(shape);
const fields =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  (value) => {
    if (!isObject(value)) return false;
    const own = new Map(Object.entries(value));
    return Object.entries(shapes).every(([key, shape]) => shape(own.get(key)));
  };

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const next = optional(text);
const queue = fields({
  ...{ name: text, kind: text, arn: text, waiting: number, inFlight: number, delayed: number, bytes: number },
  ...{ oldestAgeMs: nullable(number), totals: map(number), createdAt: text, settings: map(anything) },
});
const topic = fields({
  ...{ name: text, kind: text, arn: text, subscriptions: fields({ confirmed: number, pending: number }) },
  ...{ waiting: number, totals: map(number), filteredOut: map(number), createdAt: text, settings: map(anything) },
});
const subscription = fields({
  ...{ id: text, topic: text, arn: text, protocol: text, to: text, state: text, waiting: number },
  settings: map(anything),
});
const sentToPeople = fields({
  ...{ kind: text, to: text, sentAt: text, messageId: text, subject: nullable(text), body: text },
});
const user = fields({
  ...{ name: text, account: text, admin: truth, hasPassword: truth, origin: text, policy: list(anything) },
  ...{ createdAt: nullable(text), modifiedAt: nullable(text) },
  accessKeys: list(fields({ id: text, account: text, createdAt: nullable(text) })),
});
const move = fields({
  ...{ id: text, to: nullable(text), state: text, failure: nullable(text) },
  ...{ moved: number, toMove: number, startedAt: text },
});
const messageFields = {
  ...{ id: text, position: number, deliveries: number, sentAt: text, body: text, isBase64: truth },
  ...{
    group: optional(text),
    correlationId: optional(text),
    replyTo: optional(text),
    deadLetteredFrom: optional(text),
  },
  properties: map(fields({ type: text, value: anything })),
};
const refusal = fields({ code: text, message: text, hint: optional(text) });
const stored = fields({ id: text, isDuplicate: truth, error: absent });
const refused = fields({ error: refusal });
const sent: Shape = (value) => stored(value) || refused(value);

const shapes: readonly (readonly [method: string, path: RegExp, shape: Shape])[] = [
  ['GET', /^\/queues$/, fields({ queues: list(queue), next })],
  ['GET', /^\/queues\/[^/]+$/, queue],
  ['PUT', /^\/queues\/[^/]+$/, queue],
  ['PATCH', /^\/queues\/[^/]+$/, queue],
  ['GET', /^\/queues\/[^/]+\/messages$/, fields({ messages: list(fields(messageFields)), looked: number, next })],
  ['POST', /^\/queues\/[^/]+\/messages$/, fields({ results: list(sent) })],
  [
    ...(['POST', /^\/queues\/[^/]+\/messages\/move$/] as const),
    fields({ moved: number, withoutOrigin: number, originGone: number }),
  ],
  [
    ...(['POST', /^\/queues\/[^/]+\/receive$/] as const),
    fields({ messages: list(fields({ ...messageFields, receipt: text })) }),
  ],
  ['GET', /^\/queues\/[^/]+\/moves$/, fields({ moves: list(move) })],
  ['POST', /^\/queues\/[^/]+\/moves$/, move],
  ['DELETE', /^\/queues\/[^/]+\/moves\/[^/]+$/, move],
  ['GET', /^\/topics$/, fields({ topics: list(topic), next })],
  ['GET', /^\/topics\/[^/]+$/, topic],
  ['PUT', /^\/topics\/[^/]+$/, topic],
  ['PATCH', /^\/topics\/[^/]+$/, topic],
  ['POST', /^\/topics\/[^/]+\/messages$/, fields({ results: list(sent) })],
  ['GET', /^\/topics\/[^/]+\/subscriptions$/, fields({ subscriptions: list(subscription), next })],
  ['POST', /^\/topics\/[^/]+\/subscriptions$/, subscription],
  ['PATCH', /^\/topics\/[^/]+\/subscriptions\/[^/]+$/, subscription],
  ['POST', /^\/topics\/[^/]+\/subscriptions\/[^/]+\/confirm$/, subscription],
  ['GET', /^\/outbox$/, fields({ sent: list(sentToPeople) })],
  ['GET', /^\/users$/, fields({ users: list(user), next })],
  ['GET', /^\/users\/[^/]+$/, user],
  ['PUT', /^\/users\/[^/]+$/, user],
  ['PATCH', /^\/users\/[^/]+$/, user],
  ['POST', /^\/users\/[^/]+\/keys$/, fields({ id: text, secret: text, account: text })],
  ['POST', /^\/policy\/check$/, fields({ allowed: truth, why: text, principal: text, action: text, resource: text })],
  ['GET', /^\/definitions$/, map(list(anything))],
  [
    ...(['POST', /^\/definitions$/] as const),
    fields({ plan: list(fields({ do: text, name: text, text })), applied: number }),
  ],
];

/** False: this is no answer of a Gantry to that. */
export function isAnswer(method: string, path: string, value: unknown): boolean {
  const found = shapes.find(([one, pattern]) => one === method && pattern.test(path));
  return found === undefined || found[2](value);
}
