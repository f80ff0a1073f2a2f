import { parseDefinitions, type WrittenItems } from './definition-files.ts';

/** Whose files are read. */
export const formats = ['gantry'] as const;
export type Format = (typeof formats)[number];

export interface ReadDefinitions {
  readonly items: readonly WrittenItems[];
  /** A line for each thing that was left out. */
  readonly remarks: readonly string[];
}
type Environment = Readonly<Record<string, string | undefined>>;

/** @param name of the file, that places name @throws GantryError `invalid-argument` naming file, line and column */
export async function readAs(
  _format: Format | 'auto',
  source: string,
  name: string,
  _environment: Environment,
): Promise<ReadDefinitions> {
  return { items: await parseDefinitions(source, name), remarks: [] };
}
