import {
  type Case,
  failure,
  invalidAttributeValue,
  invalidParameter,
  type Json,
  type JsonObject,
  missingParameter,
  queue,
  type Request,
} from './case.ts';

const arn = 'arn:aws:sqs:us-east-1:000000000000:a';
const root = (account: string) => `arn:aws:iam::${account}:root`;
const statement = (Sid: string, AWS: Json, Action: Json) => ({
  ...{ Sid, Effect: 'Allow', Principal: { AWS }, Action },
  Resource: arn,
});
const policy = (...Statement: readonly Json[]) =>
  JSON.stringify({ Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`, Statement });

const whole = { Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] };
const add = (more: JsonObject): Request => ({
  op: 'AddPermission',
  input: { QueueUrl: '<a>', ...whole, ...more },
  exactly: {},
});
const addRefused = (more: JsonObject, error: NonNullable<Request['error']>): Request => ({
  op: 'AddPermission',
  input: { QueueUrl: '<a>', ...whole, ...more },
  error,
});
const remove = (Label: string): Request => ({
  op: 'RemovePermission',
  input: { QueueUrl: '<a>', Label },
  exactly: {},
});
const removeRefused = (Label: string, error: NonNullable<Request['error']>): Request => ({
  op: 'RemovePermission',
  input: { QueueUrl: '<a>', Label },
  error,
});
const shown = (Policy: string | undefined): Request => ({
  op: 'GetQueueAttributes',
  input: { QueueUrl: '<a>', AttributeNames: ['Policy'] },
  exactly: Policy === undefined ? {} : { Attributes: { Policy } },
});
const setPolicy = (Policy: Json): Request => ({
  op: 'SetQueueAttributes',
  input: { QueueUrl: '<a>', Attributes: { Policy: JSON.stringify(Policy) } },
  exactly: {},
});
const overLimit = (message: string) => failure('OverLimit', 'OverLimit', message, 403);
const labels = (count: number) => Array.from({ length: count }, (_, index) => `l${index}`);
const noWsdl = (action: string) =>
  invalidParameter(
    `Value SQS:${action} for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions. `,
  );

/** Somebody's own statement in a policy. */
const own = { Sid: 'own', Effect: 'Deny', Principal: '*', Action: 'SQS:PurgeQueue', Resource: '*' };

export const permissionCases: readonly Case[] = [
  {
    name: 'a permission becomes a statement of the policy: one action and one account as texts, more as lists',
    spec: '1.17',
    steps: [
      queue('a'),
      add({}),
      shown(policy(statement('l', root('111111111111'), 'SQS:SendMessage'))),
      add({
        Label: 'two',
        AWSAccountIds: ['111111111111', '222222222222'],
        Actions: ['ReceiveMessage', 'DeleteMessage'],
      }),
      shown(
        policy(
          statement('l', root('111111111111'), 'SQS:SendMessage'),
          statement('two', [root('111111111111'), root('222222222222')], ['SQS:ReceiveMessage', 'SQS:DeleteMessage']),
        ),
      ),
    ],
  },
  {
    name: 'all actions at once are a star',
    spec: '1.17',
    steps: [queue('a'), add({ Actions: ['*'] }), shown(policy(statement('l', root('111111111111'), 'SQS:*')))],
  },
  {
    name: 'a label that is there already is refused',
    spec: '1.17',
    steps: [
      queue('a'),
      add({}),
      addRefused({}, invalidParameter('Value l for parameter Label is invalid. Reason: Already exists.')),
    ],
  },
  {
    name: 'a permission is taken away by its label, and with the last one the policy',
    spec: '1.17',
    steps: [
      queue('a'),
      add({ Label: 'one' }),
      add({ Label: 'two' }),
      remove('one'),
      shown(policy(statement('two', root('111111111111'), 'SQS:SendMessage'))),
      remove('two'),
      shown(undefined),
    ],
  },
  {
    name: 'a label that is not there cannot be taken away',
    spec: '1.17',
    steps: [
      queue('a'),
      removeRefused('l', invalidParameter("Value l for parameter Label is invalid. Reason: can't find label.")),
      add({}),
      removeRefused('L', invalidParameter("Value L for parameter Label is invalid. Reason: can't find label.")),
    ],
  },
  {
    name: 'a permission joins a policy that somebody wrote, and leaves the rest of it as it was',
    spec: '1.17',
    steps: [
      queue('a'),
      setPolicy({ Version: '2012-10-17', Statement: own }),
      add({}),
      shown(
        JSON.stringify({
          ...{ Version: '2012-10-17', Id: `${arn}/SQSDefaultPolicy` },
          Statement: [own, statement('l', root('111111111111'), 'SQS:SendMessage')],
        }),
      ),
      addRefused(
        { Label: 'own' },
        invalidParameter('Value own for parameter Label is invalid. Reason: Already exists.'),
      ),
      remove('l'),
      remove('own'),
      shown(undefined),
    ],
  },
  {
    name: 'a policy whose statements are none is refused, and the one before it stays',
    spec: '1.17',
    steps: [
      queue('a'),
      setPolicy({ Statement: own }),
      { ...setPolicy({ Statement: ['text'] }), error: invalidAttributeValue() },
      shown(JSON.stringify({ Statement: own })),
    ],
  },
  {
    name: 'actions that are none are refused, those of a batch too',
    spec: '1.17',
    steps: [
      queue('a'),
      ...['Foo', 'sendmessage', 'SendMessageBatch', ''].map((action) =>
        addRefused({ Actions: [action] }, noWsdl(action)),
      ),
    ],
  },
  {
    name: 'what only the owner may do can be given to nobody',
    spec: '1.17',
    steps: [
      queue('a'),
      ...['RemovePermission', 'CreateQueue', 'StartMessageMoveTask', 'TagQueue'].map((action) =>
        addRefused(
          { Actions: ['SendMessage', action] },
          invalidParameter(
            `Value SQS:${action} for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.`,
          ),
        ),
      ),
    ],
  },
  {
    name: 'seven actions are taken, eight are not',
    spec: '1.17',
    steps: [
      queue('a'),
      add({ Actions: Array(7).fill('SendMessage') }),
      addRefused(
        { Label: 'm', Actions: Array(8).fill('SendMessage') },
        overLimit('8 Actions were found, maximum allowed is 7.'),
      ),
    ],
  },
  {
    name: 'twenty statements are taken, twenty-one are not',
    spec: '1.17',
    steps: [
      queue('a'),
      ...labels(20).map((Label) => add({ Label })),
      addRefused({}, overLimit('21 Statements were found, maximum allowed is 20.')),
    ],
  },
  {
    name: 'fifty accounts are taken, fifty-one are not',
    spec: '1.17',
    steps: [
      queue('a'),
      add({ AWSAccountIds: Array(50).fill('111111111111') }),
      addRefused(
        { Label: 'm', AWSAccountIds: Array(51).fill('111111111111') },
        overLimit('51 Principals were found, maximum allowed is 50.'),
      ),
    ],
  },
  {
    name: 'without actions, accounts or a label there is no permission',
    spec: '1.17',
    steps: [
      queue('a'),
      addRefused({ Actions: [] }, missingParameter('The request must contain the parameter Actions.')),
      addRefused({ Actions: null }, missingParameter('The request must contain the parameter Actions.')),
      addRefused(
        { AWSAccountIds: [] },
        invalidParameter('Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.'),
      ),
      addRefused(
        { AWSAccountIds: ['12'] },
        invalidParameter('Value [12] for parameter PrincipalId is invalid. Reason: Unable to verify.'),
      ),
      addRefused({ Label: '' }, missingParameter('The request must contain the parameter Label.')),
      removeRefused('', missingParameter('The request must contain the parameter Label.')),
      shown(undefined),
    ],
  },
  {
    name: 'a label has 80 letters, digits, hyphens and underscores at most',
    spec: '1.17',
    steps: [
      queue('a'),
      add({ Label: `${'l'.repeat(76)}-_A9` }),
      addRefused({ Label: 'l'.repeat(81) }, invalidParameter()),
      addRefused({ Label: 'a b' }, invalidParameter()),
    ],
  },
];
