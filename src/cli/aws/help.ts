import { readVersion } from '../../server/version.ts';
import { optionWord } from './names.ts';
import { findOperation, findService, operationWords } from './services.ts';
import type { HelpWanted } from './words.ts';

/** What there is on the level that was asked about. */
export async function helpText({ isVersion, words }: HelpWanted): Promise<string> {
  const version = await readVersion();
  if (isVersion) return `gantry/${version} without the AWS CLI: sqs, sns and sts\n`;
  const [serviceWord = '', operationWord = ''] = words;
  const service = findService(serviceWord);
  const operation = service && findOperation(service, operationWord);
  if (service === undefined) {
    return (
      'usage: aws sqs|sns|sts <operation> [--option value ...] [--output json|text|table] [--query <jmespath>]\n' +
      'There is no AWS CLI on the PATH: Gantry does these services by itself. `aws sqs help` lists their operations.\n'
    );
  }
  if (operation === undefined) return `${operationWords(service).join('\n')}\n`;
  const options = Object.keys(operation.shape.input).map((name) => `  --${optionWord(name)}\n`);
  return `usage: aws ${serviceWord} ${operationWord} [options]\n${options.join('')}  --cli-input-json\n`;
}
