import { publish } from '../handlers/publish.ts';
import { publishBatch } from '../handlers/publish-batch.ts';
import { row } from './row.ts';

export const publishRows = [row('Publish', publish), row('PublishBatch', publishBatch)];
