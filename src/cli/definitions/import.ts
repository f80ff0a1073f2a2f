import { GantryError } from '../../model/errors.ts';
import type { PlanView, StepView } from '../../server/admin/definitions.ts';
import type { WrittenDefinitions } from '../../server/definitions/definition-files.ts';
import { type AdminClient, connect } from '../admin-client.ts';
import { type CommandInput, isSet } from '../command.ts';
import { confirm } from '../confirm.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Format, formatOf, printJson, printName, printRows, say } from '../output.ts';
import { readNamed } from './read.ts';
import { manyPatience, whileWaiting } from './waiting.ts';

interface Ask {
  readonly isDry: boolean;
  readonly isPruning: boolean;
}

/** Makes the broker as the files say. Who throws messages away is shown what, and asked. */
export async function importDefinitions(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const isPruning = isSet(input, 'prune');
  const isDry = isSet(input, 'dryRun');
  const written = await readNamed(input);
  const client = await connect(input);
  if (!isDry && !isSet(input, 'force') && (isPruning || namesArchive(written))) {
    const { plan } = await ask(client, written, { isDry: true, isPruning });
    const losses = plan.filter((step) => step.do === 'drop' || step.isLossy === true);
    if (losses.length > 0) {
      if (format !== 'json') printPlan(format, losses);
      if (!(await confirm(input, lossText(losses)))) return exitCodes.failed;
    }
  }
  const answer = await ask(client, written, { isDry, isPruning });
  if (format === 'json') printJson(answer);
  else printPlan(format, answer.plan);
  if (answer.plan.length > 0)
    say(isDry ? `${changes(answer.plan.length)} to be made` : `${changes(answer.applied)} made`);
  return exitCodes.ok;
}

/** Where none is named none ends, and no plan has to be made beforehand. */
function namesArchive({ plain }: WrittenDefinitions): boolean {
  return plain.topics?.some((one) => typeof one === 'object' && one !== null && 'archive' in one) ?? false;
}

function lossText(losses: readonly StepView[]): string {
  const [first] = losses;
  const isDropping = losses.some((step) => step.do === 'drop');
  if (losses.length > 1)
    return isDropping ? `drop these ${losses.length} with all their messages` : 'drop these messages';
  return isDropping ? `drop ${first?.name} with all its messages` : `drop archived messages of ${first?.name}`;
}

/** Shows what `import --prune` would do; the exit code says whether that is anything. */
export async function showDifferences(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const written = await readNamed(input);
  const { plan } = await ask(await connect(input), written, { isDry: true, isPruning: true });
  if (format === 'json') printJson(plan);
  else printPlan(format, plan);
  return plan.length === 0 ? exitCodes.ok : exitCodes.failed;
}

async function ask(
  client: AdminClient,
  { plain, placed }: WrittenDefinitions,
  { isDry, isPruning }: Ask,
): Promise<PlanView> {
  const query = { ...(isDry ? { dryRun: 'true' } : {}), ...(isPruning ? { prune: 'true' } : {}) };
  const items = Object.values(plain).reduce((sum, one) => sum + one.length, 0);
  try {
    return await whileWaiting(`${isDry ? 'comparing' : 'importing'} ${items} definitions`, () =>
      client.call<PlanView>('POST', '/definitions', query, plain, manyPatience),
    );
  } catch (error) {
    throw error instanceof GantryError && error.code === 'invalid-argument' ? placed(error) : error;
  }
}

function printPlan(format: Format, plan: readonly StepView[]): void {
  if (format === 'name') printRows('name', plan, { name: ({ name }) => name, columns: [] });
  else if (plan.length === 0) printName('no changes');
  else for (const { text } of plan) printName(text);
}

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}
