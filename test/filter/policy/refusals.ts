/**
 * Policies that AWS refuses, with the message that it was seen to give, without "Invalid parameter: " and "Attributes
 * Reason: ". `{source}` stands for the policy as AWS repeats it.
 */
export interface Refusal {
  readonly policy: unknown;
  readonly message: string;
  /** Where AWS's reader stood; without it the message names no place. */
  readonly column?: number;
}

const key = (rule: unknown) => ({ key: [rule] });

export const refusals: readonly Refusal[] = [
  { policy: key(['value']), message: 'Match value must be String, number, true, false, or null', column: 10 },
  { policy: key({ 'wrong-operator': true }), message: 'Unrecognized match type wrong-operator', column: 31 },
  {
    policy: key({ suffix: 'value', prefix: 'value2' }),
    message: 'Only one key allowed in match expression',
    column: 37,
  },
  { policy: { key: [] }, message: 'Empty arrays are not allowed', column: 10 },
  { policy: key({ suffix: 100 }), message: 'suffix match pattern must be a string', column: 22 },
  { policy: key({ prefix: 100 }), message: 'prefix match pattern must be a string', column: 22 },
  {
    policy: key({ 'equals-ignore-case': 100 }),
    message: 'equals-ignore-case match pattern must be a string',
    column: 34,
  },
  { policy: key({ suffix: null }), message: 'suffix match pattern must be a string', column: 23 },
  { policy: { key: { suffix: 'value' } }, message: '"suffix" must be an object or an array', column: 19 },
  { policy: key({ suffix: [] }), message: 'suffix match pattern must be a string', column: 20 },
  { policy: key({ suffix: ['test', 'test2'] }), message: 'suffix match pattern must be a string', column: 20 },
  {
    policy: { key: { suffix: 'value', prefix: 'value' } },
    message: '"suffix" must be an object or an array',
    column: 19,
  },
  {
    policy: { key: { 'not-an-operator': 'value' } },
    message: '"not-an-operator" must be an object or an array',
    column: 28,
  },
  { policy: { key_a: 'value_one' }, message: '"key_a" must be an object or an array', column: 11 },
  { policy: key({ cidr: ['bad-filter'] }), message: 'prefix match pattern must be a string', column: 18 },
  { policy: key({ cidr: 'bad-filter' }), message: "Malformed CIDR, one '/' required" },
  { policy: key({ cidr: 'bad-filter/64' }), message: 'Nonstandard IP address: bad-filter' },
  { policy: key({ cidr: 'bad-/64filter' }), message: 'Malformed CIDR, mask bits must be an integer' },
  { policy: key({ cidr: 'xx.11.xx/8' }), message: 'Nonstandard IP address: xx.11.xx' },
  { policy: key({ cidr: 'xxxx:db8:1234:1a00::/64' }), message: 'Nonstandard IP address: xxxx:db8:1234:1a00::' },
  { policy: key({ numeric: [] }), message: 'Invalid member in numeric match: ]', column: 22 },
  { policy: key({ numeric: ['operator'] }), message: 'Unrecognized numeric range operator: operator', column: 32 },
  { policy: key({ numeric: [1, '<='] }), message: 'Invalid member in numeric match: 1', column: 22 },
  { policy: key({ numeric: ['=', '000'] }), message: 'Value of equals must be numeric', column: 26 },
  { policy: key({ numeric: ['>='] }), message: 'Value of >= must be numeric', column: 26 },
  { policy: key({ numeric: ['<', 100, '>', 10] }), message: 'Too many elements in numeric expression', column: 30 },
  { policy: key({ numeric: ['>=', 1, '>', 2] }), message: 'Bad numeric range operator: >', column: 31 },
  { policy: key({ numeric: ['>', 3, '<', 1] }), message: 'Bottom must be less than top', column: 33 },
  { policy: key({ numeric: ['>', 20, '<='] }), message: 'Value of <= must be numeric', column: 33 },
  { policy: key({ numeric: ['>', 20, 30] }), message: 'Bad value in numeric range: 30', column: 30 },
  { policy: key({ numeric: ['>', 20, 'test'] }), message: 'Bad numeric range operator: test', column: 34 },
  { policy: key({ numeric: ['>', '20', '<', '30'] }), message: 'Value of > must be numeric', column: 26 },
  { policy: key({ numeric: ['>', 20, '<', '30'] }), message: 'Value of < must be numeric', column: 33 },
  {
    policy: key({ numeric: ['>', 20, '<', 30, '<', 50] }),
    message: 'Too many terms in numeric range expression',
    column: 36,
  },
  { policy: key({ exists: null }), message: 'exists match pattern must be either true or false.', column: 23 },
  { policy: key({ exists: 'no' }), message: 'exists match pattern must be either true or false.', column: 20 },
  {
    policy: key({ 'anything-but': { 'wrong-operator': null } }),
    message: 'Unsupported anything-but pattern: wrong-operator',
    column: 47,
  },
  {
    policy: key({ 'anything-but': { suffix: 'test' } }),
    message: 'Unsupported anything-but pattern: suffix',
    column: 36,
  },
  {
    policy: key({ 'anything-but': { exists: false } }),
    message: 'Unsupported anything-but pattern: exists',
    column: 40,
  },
  { policy: key({ 'anything-but': { prefix: false } }), message: 'prefix match pattern must be a string', column: 40 },
];
