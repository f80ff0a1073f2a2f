import type { Wire } from './world.ts';

export const wires: readonly Wire[] = ['query', 'json'];

export function arn(name: string, account = '000000000000', region = 'us-east-1'): string {
  return `arn:aws:sns:${region}:${account}:${name}`;
}
