import type { Resource } from '../model/principal.ts';

/** How policies name a resource. */
export function resourceArn(resource: Resource): string {
  if (resource.type === 'broker') return 'arn:aws:gantry:::broker';
  const service = resource.type === 'queue' ? 'sqs' : 'sns';
  return `arn:${partitionOf(resource.region)}:${service}:${resource.region}:${resource.account}:${resource.name}`;
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
