import { createSnsParts, type SnsDependencies } from '../../../protocols/sns/parts.ts';
import { GantryError } from '../../model/errors.ts';
import { defaultNamespace } from '../../model/queue.ts';
import { operator } from '../../security/operator.ts';
import type { FileMap } from '../file-node.ts';
import type { Log } from '../log.ts';
import {
  gatherDefinitions,
  itemsIn,
  listDefinitionFiles,
  readDefinitionFile,
  type WrittenDefinitions,
  type WrittenItems,
} from './definition-files.ts';
import type { DefinitionsContext, Step } from './kind.ts';
import { definitionKinds } from './kinds.ts';
import { applySteps, planOf } from './plan.ts';

/** What the options say of definitions. */
export interface ConfiguredDefinitions {
  /** Files and folders. */
  readonly definitions: readonly string[];
  /** Those in the configuration file itself. */
  readonly inlineDefinitions: FileMap;
}

/**
 * Reads all of them and judges each by itself; what hangs on the queues that are there is judged when they are applied.
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export async function readConfigured(
  { definitions, inlineDefinitions }: ConfiguredDefinitions,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<WrittenDefinitions> {
  const items: WrittenItems[] = [...itemsIn(inlineDefinitions)];
  for (const file of await listDefinitionFiles(definitions)) items.push(...(await readDefinitionFile(file)));
  const written = gatherDefinitions(items, environment);
  await judgeForm(written);
  return written;
}

/** @throws GantryError `invalid-argument` naming file, line and column */
export async function judgeForm({ plain, placed }: WrittenDefinitions): Promise<void> {
  await withPlaces(placed, async () => {
    for (const { key, judge } of definitionKinds) await judge(plain[key] ?? []);
  });
}

/** What definitions are applied with. */
export type ApplyParts = SnsDependencies & Pick<DefinitionsContext, 'access' | 'baseUrl'>;

/**
 * Makes the broker as the definitions want it; nothing is dropped.
 * @returns what was done
 * @throws GantryError naming file, line and column where one is to blame
 */
export async function applyWritten(
  { plain, placed }: WrittenDefinitions,
  { access, baseUrl, ...sns }: ApplyParts,
): Promise<readonly Step[]> {
  return await withPlaces(placed, async () => {
    const { broker, random } = sns;
    const own = { broker, access, random, sns: createSnsParts(sns), baseUrl };
    const context = { ...own, principal: operator, namespace: defaultNamespace, scope: {} };
    const steps = await planOf(plain, context, { isPruning: false });
    await applySteps(steps);
    return steps;
  });
}

/** Each of a few; of many how many there were. */
const stepsLoggedMax = 20;

export function logSteps(steps: readonly Step[], log: Log): void {
  for (const { text } of steps.slice(0, stepsLoggedMax)) log.info('definition-applied', { change: text });
  log.info('definitions-applied', { changes: steps.length });
}

async function withPlaces<T>(placed: WrittenDefinitions['placed'], action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof GantryError ? placed(error) : error;
  }
}
