/**
 * How a service spells its lists and maps in the Query protocol, where that is not the protocol's own way: lists
 * `Tags.member.N`, maps `Attributes.entry.N.key` and `.value`, and `<Tags><member>` in answers.
 */
export interface QuerySpelling {
  /** By the name of the member in the service's model. */
  readonly inputs: ReadonlyMap<string, InputSpelling>;
  readonly outputs: ReadonlyMap<string, OutputSpelling>;
  /** Members of the output that are structures; the other objects are maps. */
  readonly structures?: ReadonlySet<string>;
}

export interface InputSpelling {
  /** What stands before the number: `Attribute` of `Attribute.1.Name`; the first is the service's own, others are taken too. */
  readonly prefixes: readonly string[];
  /** Names of a map's halves; lists have none. */
  readonly key?: string;
  readonly value?: string;
}

export interface OutputSpelling {
  /** The element around all; a flattened list has none. */
  readonly wrapper?: string;
  /** The element of each item. */
  readonly element: string;
  /** Its name in JSON answers to Query requests, where that is another than in AWS JSON. */
  readonly nameInJson?: string;
  readonly key?: string;
  readonly value?: string;
}

export const defaultKey = 'key';
export const defaultValue = 'value';

export function listInput(spelling: QuerySpelling, name: string): InputSpelling {
  return spelling.inputs.get(name) ?? { prefixes: [`${name}.member`, name] };
}

export function mapInput(spelling: QuerySpelling, name: string): InputSpelling {
  return spelling.inputs.get(name) ?? { prefixes: [`${name}.entry`, name] };
}

export function listOutput(spelling: QuerySpelling, name: string): OutputSpelling {
  return spelling.outputs.get(name) ?? { wrapper: name, element: 'member' };
}

export function mapOutput(spelling: QuerySpelling, name: string): OutputSpelling {
  return spelling.outputs.get(name) ?? { wrapper: name, element: 'entry' };
}
