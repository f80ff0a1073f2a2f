import type { Members, Shape } from '../../../protocols/sqs/shapes.ts';
import { type Input, memberOf } from './values.ts';

/** What in an input is not as the operation's shape has it, as lines. The broker itself passes over what it does not know. */
export function problemsOf(members: Members, input: Input): readonly string[] {
  return inMembers(members, input, 'input', '');
}

function inMembers(members: Members, value: object, where: string, path: string): readonly string[] {
  return Object.entries(value).flatMap(([name, each]) => {
    const shape = memberOf(members, name);
    if (shape === undefined) {
      const known = Object.keys(members).join(', ');
      return [`Unknown parameter in ${where}: "${name}", must be one of: ${known}`];
    }
    return inValue(shape, each, path === '' ? name : `${path}.${name}`);
  });
}

function inValue(shape: Shape, value: unknown, path: string): readonly string[] {
  const wanted = nameOf(shape);
  const given = kindOf(value);
  if (given !== wanted) {
    const shown = JSON.stringify(value)?.slice(0, 200);
    return [`Invalid type for parameter ${path}, value: ${shown}, type: ${given}, valid types: ${wanted}`];
  }
  if (typeof shape === 'string') return [];
  if (Array.isArray(value) && 'of' in shape)
    return value.flatMap((each, at) => inValue(shape.of, each, `${path}[${at}]`));
  if (typeof value !== 'object' || value === null || 'of' in shape) return [];
  if ('members' in shape) return inMembers(shape.members, value, path, path);
  return Object.entries(value).flatMap(([name, each]) => inValue(shape.to, each, `${path}.${name}`));
}

type Kind = 'string' | 'integer' | 'boolean' | 'list' | 'map' | 'number' | 'null';

function nameOf(shape: Shape): Kind {
  if (shape === 'integer' || shape === 'boolean') return shape;
  if (typeof shape === 'string') return 'string';
  return 'of' in shape ? 'list' : 'map';
}

function kindOf(value: unknown): Kind {
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value === 'string' ? 'string' : 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (Array.isArray(value)) return 'list';
  return value === null ? 'null' : 'map';
}
