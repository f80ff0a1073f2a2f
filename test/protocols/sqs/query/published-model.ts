import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A list or map of the model in the Query protocol, and what it is called on the wire. */
export interface Spelt {
  readonly operation: string;
  readonly side: 'input' | 'output';
  readonly member: string;
  /** `AttributeName`, of a map also its halves: `Attribute Name Value`; `not flattened` is never SQS's. */
  readonly spelling: string;
}

type Node = Readonly<Record<string, unknown>>;

/** All lists and maps of the model that AWS published with the last SDK that spoke Query to SQS. */
export function publishedSpellings(): readonly Spelt[] {
  const file = fileURLToPath(import.meta.resolve('aws-sdk/apis/sqs-2012-11-05.min.json'));
  const model = nodeOf(JSON.parse(readFileSync(file, 'utf8')));
  const shapes = nodeOf(model.shapes);
  return Object.entries(nodeOf(model.operations)).flatMap(([operation, each]) => {
    const { input, output } = nodeOf(each);
    return [...walk(input, { operation, side: 'input' }), ...walk(output, { operation, side: 'output' })];
  });

  function walk(structure: unknown, where: Pick<Spelt, 'operation' | 'side'>): readonly Spelt[] {
    return Object.entries(nodeOf(resolved(structure).members)).flatMap(([member, each]) => {
      const shape = resolved(each);
      if (shape.type === 'list') {
        const item = resolved(shape.member);
        const spelling = shape.flattened === true ? String(item.locationName) : 'not flattened';
        return [{ ...where, member, spelling }, ...walk(item, where)];
      }
      if (shape.type !== 'map') return walk(shape, where);
      const [key, value] = [resolved(shape.key), resolved(shape.value)];
      const halves = `${shape.locationName} ${key.locationName} ${value.locationName}`;
      return [
        { ...where, member, spelling: shape.flattened === true ? halves : 'not flattened' },
        ...walk(value, where),
      ];
    });
  }

  /** With what the place says before what the shape says that it refers to. */
  function resolved(value: unknown): Node {
    const place = nodeOf(value);
    return typeof place.shape === 'string' ? { ...nodeOf(shapes[place.shape]), ...place } : place;
  }
}

function nodeOf(value: unknown): Node {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
