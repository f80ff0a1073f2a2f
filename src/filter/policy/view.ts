import type { Property } from '../../model/message.ts';
import { uuidText } from '../../model/uuid.ts';
import { readBody, readList } from './body.ts';
import { parseNumeric } from './numeric.ts';
import type { Scalar } from './policy.ts';
import { ValueTree } from './value-tree.ts';

export interface FilteredMessage {
  readonly properties: readonly Property[];
  /** The body as text, asked for at most once and only if a policy looks at it. Undefined: it is no text. */
  readonly text: () => string | undefined;
}

/**
 * A message as filter policies see it, for one publish: attributes and body are read when the first policy asks, and
 * once for all of them. With `MessageStructure: json` each text that a protocol gets wants a view of its own.
 */
export class FilterView {
  readonly #message: FilteredMessage;
  #attributes: ValueTree | undefined;
  #body: { readonly tree: ValueTree | undefined } | undefined;

  constructor(message: FilteredMessage) {
    this.#message = message;
  }

  get hasAttributes(): boolean {
    return this.#message.properties.length > 0;
  }

  /** One level: the dots of names mean nothing. */
  get attributes(): ValueTree {
    this.#attributes ??= readAttributes(this.#message.properties);
    return this.#attributes;
  }

  /** Undefined when the body is no JSON object. */
  get body(): ValueTree | undefined {
    if (this.#body === undefined) {
      const text = this.#message.text();
      this.#body = { tree: text === undefined ? undefined : readBody(text) };
    }
    return this.#body.tree;
  }
}

function readAttributes(properties: readonly Property[]): ValueTree {
  const tree = new ValueTree();
  for (const property of properties) {
    // SNS leaves binary attributes out of account, so to a policy there is none of that name.
    if (property.type === 'binary') continue;
    const node = tree.grow(property.name);
    const values = valuesOf(property);
    if (values === undefined) node.isInvalid = true;
    else for (const value of values) node.add(value);
  }
  return tree;
}

/** What a property of any protocol is in the words of SNS; undefined when it is not what its type says. */
function valuesOf(property: Property): readonly Scalar[] | undefined {
  switch (property.type) {
    case 'string':
      return property.label === 'String.Array' ? readList(property.value) : [property.value];
    case 'symbol':
    case 'char':
      return [property.value];
    case 'number':
    case 'decimal':
      return numeric(property.value);
    // SQS and SNS show a boolean of another protocol as a String, and policies are written for what they show.
    case 'boolean':
      return [String(property.value)];
    case 'null':
      return [null];
    case 'uuid':
      return [uuidText(property.value)];
    case 'binary':
      return [];
    case 'long':
    case 'ulong':
    case 'timestamp':
      return numeric(property.value.toString());
    default:
      // Infinity and NaN are no numbers of JSON.
      return Number.isFinite(property.value) ? numeric(String(property.value)) : [String(property.value)];
  }
}

function numeric(text: string): Scalar[] | undefined {
  const value = parseNumeric(text);
  return value === undefined ? undefined : [value];
}
