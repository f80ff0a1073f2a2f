// The main path as a program that knows nothing of the broker: the environment alone leads the SDK there.
import { SQSClient } from '@aws-sdk/client-sqs';
import { runMainPath } from './main-path.ts';

console.log(JSON.stringify(await runMainPath(new SQSClient())));
