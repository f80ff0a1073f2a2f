import { parseYaml } from '../config-file.ts';
import { definitionsIn, type ReadDefinitions } from './definition-files.ts';

/** Whose files are read. */
export const formats = ['gantry', 'elasticmq', 'rabbitmq'] as const;
export type Format = (typeof formats)[number];

/**
 * Definitions of ours or of another broker.
 * @param name of the file, that places name
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export async function readAs(
  format: Format | 'auto',
  source: string,
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ReadDefinitions> {
  if (format === 'elasticmq' || (format === 'auto' && isHocon(source, name))) {
    const { readElasticMq } = await import('./readers/elasticmq.ts');
    return readElasticMq(source, name, environment);
  }
  const root = await parseYaml(source, name);
  const { isRabbitMq, readRabbitMq } = await import('./readers/rabbitmq.ts');
  if (format === 'rabbitmq' || (format === 'auto' && isRabbitMq(root))) return readRabbitMq(root, name);
  return { items: definitionsIn(root), remarks: [] };
}

/** What neither YAML nor JSON would be. */
function isHocon(source: string, name: string): boolean {
  return /\.(conf|hocon)$/.test(name) || /^[ \t]*(queues[ \t]*[={]|include[ \t]+classpath\()/m.test(source);
}
