import type { Shape } from '../../../protocols/sqs/shapes.ts';
import { memberOf } from './values.ts';

/** With `--cli-binary-format raw-in-base64-out`, bytes are typed as text; else they are base64 already. */
export function encodeRaw(shape: Shape, value: unknown): unknown {
  if (shape === 'bytes') return typeof value === 'string' ? Buffer.from(value).toString('base64') : value;
  if (typeof shape === 'string' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return 'of' in shape ? value.map((each) => encodeRaw(shape.of, each)) : value;
  const shapeAt = (name: string) => ('to' in shape ? shape.to : 'members' in shape && memberOf(shape.members, name));
  const encoded = Object.entries(value).map(
    ([name, each]) => [name, encodeRaw(shapeAt(name) || 'text', each)] as const,
  );
  return Object.fromEntries(encoded);
}
