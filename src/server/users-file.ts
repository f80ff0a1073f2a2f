import { defaultNamespace } from '../model/queue.ts';
import { compileStatement } from '../security/policy/document.ts';
import { PolicyProblem } from '../security/policy/problem.ts';
import type { AccessKey, UserRecord } from '../security/users.ts';
import { didYouMean } from './closest.ts';
import { actNames, keyIdPattern, userNamePattern } from './definitions/user-names.ts';
import { type FileNode, failAt, keysIn, placeAt, plainOf } from './file-node.ts';
import { readTextFile } from './text-file.ts';

/** Undefined: `${NAME}` is a text like any other. */
type Environment = Readonly<Record<string, string | undefined>> | undefined;

const userKeys = ['name', 'account', 'admin', 'password', 'password-file', 'access-keys', 'policy'];
const secretBytesMax = 64 * 1024;
const accessKeyKeys = ['id', 'secret', 'secret-file', 'account'];

/**
 * `users:` of the configuration file. Secrets may stand there, in a variable (`${NAME}`) or in a file of their own; no error
 * shows one.
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export async function readUsers(node: FileNode, environment: Environment): Promise<readonly UserRecord[]> {
  const { items } = node;
  if (items === undefined) return failAt(node.place, 'expected a list of users: "- name: ..."');
  const users: UserRecord[] = [];
  const taken = new Set<string>();
  const claim = (kind: string, value: string, place: string): void => {
    if (taken.has(`${kind} ${value}`)) failAt(place, `the ${kind} "${value}" is there already`);
    taken.add(`${kind} ${value}`);
  };
  for (const item of items) users.push(await readUser(item, environment, claim));
  return users;
}

async function readUser(
  node: FileNode,
  environment: Environment,
  claim: (kind: string, value: string, place: string) => void,
): Promise<UserRecord> {
  const keys = keysIn(node, userKeys, 'a user: name, access-keys, policy');
  const nameNode = keys.get('name') ?? failAt(node.place, 'a user needs a name');
  const name = matching(nameNode, userNamePattern, 'a name of 1 to 64 letters, digits and + = , . @ _ -');
  claim('user', name, nameNode.place);
  const account = accountIn(keys.get('account')) ?? defaultNamespace.account;
  const accessKeys: AccessKey[] = [];
  for (const item of listIn(keys.get('access-keys'), 'a list of access keys: "- id: ..."')) {
    const key = await readAccessKey(item, account, environment);
    claim('access key', key.id, item.place);
    accessKeys.push(key);
  }
  return {
    ...{ name, account, accessKeys },
    isAdmin: yesIn(keys.get('admin')),
    password: await secretIn(keys, 'password', environment),
    statements: readPolicy(keys.get('policy')),
  };
}

async function readAccessKey(node: FileNode, userAccount: string, environment: Environment): Promise<AccessKey> {
  const keys = keysIn(node, accessKeyKeys, 'an access key: id, secret');
  const idNode = keys.get('id') ?? failAt(node.place, 'an access key needs an id');
  const id = expanded(idNode, environment);
  if (!keyIdPattern.test(id)) failAt(idNode.place, 'expected an id of 3 to 128 letters, digits and _');
  const secret = await secretIn(keys, 'secret', environment);
  if (secret === undefined) return failAt(node.place, `the access key "${id}" needs a secret or a secret-file`);
  return { id, secret, account: accountIn(keys.get('account')) ?? userAccount };
}

async function secretIn(
  keys: ReadonlyMap<string, FileNode>,
  name: 'secret' | 'password',
  environment: Environment,
): Promise<string | undefined> {
  const node = keys.get(name);
  const file = keys.get(`${name}-file`);
  if (node !== undefined && file !== undefined) return failAt(file.place, `has both ${name} and ${name}-file`);
  if (node !== undefined) return filledIn(expanded(node, environment), node.place, name);
  return file === undefined ? undefined : filledIn(await readSecret(file, name), file.place, name);
}

function filledIn(secret: string, place: string, name: string): string {
  return secret === '' ? failAt(place, `the ${name} is empty`) : secret;
}

async function readSecret(node: FileNode, name: string): Promise<string> {
  const path = node.text ?? failAt(node.place, 'expected the path of a file');
  try {
    return (await readTextFile(path, { bytesMax: secretBytesMax })).replace(/\r?\n$/, '');
  } catch (cause) {
    return failAt(node.place, `${name}-file: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** With every `${NAME}` as the environment has it. */
function expanded(node: FileNode, environment: Environment): string {
  const text = node.text ?? failAt(node.place, 'expected a text');
  if (environment === undefined) return text;
  return text.replace(/\$\{([^{}]*)\}/g, (whole, name: string) => {
    return environment[name] ?? failAt(node.place, `"${whole}" names a variable that is not set`);
  });
}

function matching(node: FileNode, pattern: RegExp, expected: string): string {
  const { text } = node;
  return text !== undefined && pattern.test(text) ? text : failAt(node.place, `expected ${expected}`);
}

function accountIn(node: FileNode | undefined): string | undefined {
  return node === undefined ? undefined : matching(node, /^\d{12}$/, 'an account of 12 digits');
}

function yesIn(node: FileNode | undefined): boolean {
  return node !== undefined && matching(node, /^(true|false)$/, 'true or false') === 'true';
}

function listIn(node: FileNode | undefined, expected: string): readonly FileNode[] {
  return node === undefined ? [] : (node.items ?? failAt(node.place, `expected ${expected}`));
}

/** Statements, or the whole policy document as AWS writes it. */
function readPolicy(node: FileNode | undefined): readonly unknown[] {
  if (node === undefined) return [];
  const expected = 'a list of statements: "- Effect: Allow"';
  if (node.entries === undefined) return listIn(node, expected).map(readStatement);
  const statements = keysIn(node, ['Version', 'Id', 'Statement'], expected).get('Statement');
  if (statements === undefined) return failAt(node.place, 'a policy needs its Statement');
  return (statements.items ?? [statements]).map(readStatement);
}

function readStatement(node: FileNode): unknown {
  const statement = plainOf(node);
  try {
    compileStatement(statement, 'user', [], actNames);
    return statement;
  } catch (error) {
    if (!(error instanceof PolicyProblem)) throw error;
    const { path, message, unknown } = error;
    const hint = unknown === undefined ? '' : didYouMean(unknown.word, unknown.known);
    return failAt(placeAt(node, path), `${message}${hint}`);
  }
}
