/** `users:` of the configuration file as JSON Schema; readUsers (users-file.ts) decides, this helps while one writes. */
const account = { type: 'string', pattern: '^\\d{12}$', description: 'account of 12 digits, in quotation marks' };
const texts = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };

const statement = {
  type: 'object',
  description: 'a statement of IAM',
  additionalProperties: false,
  required: ['Effect'],
  properties: {
    Sid: { type: 'string' },
    Effect: { enum: ['Allow', 'Deny'] },
    Action: { ...texts, description: "create, send, receive, browse, manage, or AWS's names as in sqs:SendMessage" },
    NotAction: texts,
    Resource: { ...texts, description: 'queues of the account, or ARNs; * and ? stand for any characters' },
    NotResource: texts,
    Condition: { type: 'object' },
  },
} as const;
const statements = { type: 'array', items: statement };

const accessKey = {
  type: 'object',
  additionalProperties: false,
  required: ['id'],
  properties: {
    id: { type: 'string', description: 'of 3 to 128 letters, digits and _, or a variable in $ and braces' },
    secret: { type: 'string', description: 'as text, or a variable in $ and braces' },
    'secret-file': { type: 'string', description: 'file that holds the secret' },
    account,
  },
} as const;

export const userListSchema = {
  type: 'array',
  description: 'who may do what; without users everybody is let in',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', pattern: '^[A-Za-z0-9+=,.@_-]{1,64}$' },
      account,
      admin: { type: 'boolean', description: 'may do everything, whatever policies say' },
      password: { type: 'string', description: 'for /metrics; as text, or a variable in $ and braces' },
      'password-file': { type: 'string', description: 'file that holds the password' },
      'access-keys': { type: 'array', items: accessKey },
      policy: {
        description: 'statements, or a whole policy document',
        anyOf: [
          statements,
          {
            type: 'object',
            additionalProperties: false,
            required: ['Statement'],
            properties: {
              Version: { type: 'string' },
              Id: { type: 'string' },
              Statement: { anyOf: [statement, statements] },
            },
          },
        ],
      },
    },
  },
} as const;
