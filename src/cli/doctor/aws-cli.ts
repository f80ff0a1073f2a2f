import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Finding, ok, warn } from './finding.ts';

const answerMsMax = 10_000;

/** Which version of the aws CLI stands on this machine, and what it heeds. */
export async function checkAwsCli(endpoint = 'http://127.0.0.1:4566'): Promise<Finding> {
  try {
    const { stdout, stderr } = await promisify(execFile)('aws', ['--version'], { timeout: answerMsMax });
    return judgeAwsCli(`${stdout}${stderr}`, endpoint);
  } catch {
    return ok('aws', 'the aws CLI is not installed; nothing here needs it');
  }
}

export function judgeAwsCli(said: string, endpoint: string): Finding {
  const [, version = '', major = ''] = /aws-cli\/((\d+)\.[\d.]+)/.exec(said) ?? [];
  if (major !== '1') return ok('aws', version === '' ? 'a version that is not known' : `aws CLI ${version}`);
  const text = `aws CLI ${version} is version 1: in most regions it heeds no AWS_ENDPOINT_URL and asks AWS itself`;
  return warn('aws', text, `gantry aws sqs ..., aws --endpoint-url ${endpoint} sqs ..., or version 2`);
}
