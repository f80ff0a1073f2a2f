import type { Catalogue } from '../../src/core/catalogue.ts';
import type { QueueAddress, QueueKind, Redrive, RedriveAllow } from '../../src/model/queue.ts';
import { invalidValue, sqsError } from './errors.ts';
import { parseJsonText } from './json-text.ts';
import { sqsLimits } from './limits.ts';
import { arnOf, parseArn } from './names.ts';

const redriveMembers = ['deadLetterTargetArn', 'maxReceiveCount'] as const;

/** RedrivePolicy and RedriveAllowPolicy: JSON texts on the wire, addresses in the model [sqs-sns 1.15]. */
export function parseRedrive(text: string): Redrive {
  const refuse = (reason: string) => invalidValue('RedrivePolicy', text, reason);
  const policy = parseJsonText(text);
  if (policy === undefined) throw refuse('Redrive policy is not a valid JSON map.');
  for (const name of redriveMembers) {
    if (policy.get(name) === undefined) throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
  }
  if (policy.size > redriveMembers.length) {
    throw refuse(`Only following attributes are supported: [${redriveMembers.join(', ')}].`);
  }
  const arn = policy.get('deadLetterTargetArn');
  const deadLetter = typeof arn === 'string' ? parseArn(arn) : undefined;
  if (deadLetter === undefined) throw refuse('Invalid value for deadLetterTargetArn.');
  const count = wholeNumber(policy.get('maxReceiveCount'));
  if (count === undefined || count < 1 || count > sqsLimits.receiveCountMax) {
    const shown = JSON.stringify(policy.get('maxReceiveCount'));
    throw refuse(
      `Invalid value for maxReceiveCount: ${shown}, valid values are from 1 to ${sqsLimits.receiveCountMax} both inclusive.`,
    );
  }
  return { deadLetter, deliveryCountMax: count };
}

/** The number as a number, however it was given: what AWS answers, and what Terraform compares. */
export function redriveText({ deadLetter, deliveryCountMax }: Redrive): string {
  return JSON.stringify({ deadLetterTargetArn: arnOf(deadLetter), maxReceiveCount: deliveryCountMax });
}

/**
 * Whether the dead-letter queue is one that this source may use.
 * @throws AwsError `InvalidParameterValue`
 */
export function checkRedrive(
  redrive: Redrive,
  source: { readonly address: QueueAddress; readonly kind: QueueKind },
  catalogue: Catalogue,
): void {
  const refuse = (reason: string) => invalidValue('RedrivePolicy', redriveText(redrive), reason);
  const { deadLetter } = redrive;
  const { account, region } = source.address;
  if (deadLetter.account !== account || deadLetter.region !== region) {
    throw refuse('Dead-letter queue must be in the same account and region as the source.');
  }
  const target = catalogue.find(deadLetter);
  if (target === undefined) throw refuse('Dead letter target does not exist.');
  if (target.kind !== source.kind) throw refuse('Dead-letter queue must be same type of queue as the source.');
  const allow = target.attributes.redriveAllow;
  const isAllowed =
    allow === undefined ||
    allow.permission === 'all' ||
    (allow.permission === 'by-queue' && allow.sources.some((address) => isSame(address, source.address)));
  if (!isAllowed) throw refuse('Queue does not have permission to use the dead-letter queue.');
}

const permissions: ReadonlyMap<unknown, RedriveAllow['permission']> = new Map([
  ['allowAll', 'all'],
  ['denyAll', 'none'],
  ['byQueue', 'by-queue'],
]);
const permissionTexts = { all: 'allowAll', none: 'denyAll', 'by-queue': 'byQueue' } as const;

const badRedriveAllow =
  "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.";

/** Whom a dead-letter queue takes messages from [sqs-sns 1.15]. @throws AwsError `InvalidAttributeValue` */
export function parseRedriveAllow(text: string): RedriveAllow {
  const refuse = () => sqsError('InvalidAttributeValue', badRedriveAllow);
  const policy = parseJsonText(text);
  const permission = permissions.get(policy?.get('redrivePermission'));
  const arns = policy?.get('sourceQueueArns') ?? undefined; // Tools that know no absence write null.
  if (permission === undefined || (arns !== undefined && permission !== 'by-queue')) throw refuse();
  if (permission !== 'by-queue') return { permission, sources: [] };
  if (!Array.isArray(arns) || arns.length < 1 || arns.length > sqsLimits.redriveSourcesMax) throw refuse();
  const sources: QueueAddress[] = [];
  for (const arn of arns) {
    const address = typeof arn === 'string' ? parseArn(arn) : undefined;
    if (address === undefined) throw refuse();
    sources.push(address);
  }
  return { permission, sources };
}

export function redriveAllowText({ permission, sources }: RedriveAllow): string {
  const redrivePermission = permissionTexts[permission];
  if (permission !== 'by-queue') return JSON.stringify({ redrivePermission });
  return JSON.stringify({ redrivePermission, sourceQueueArns: sources.map(arnOf) });
}

function isSame(left: QueueAddress, right: QueueAddress): boolean {
  return left.name === right.name && left.region === right.region && left.account === right.account;
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}
