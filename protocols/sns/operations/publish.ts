import { publish } from '../handlers/publish.ts';
import { row } from './row.ts';

export const publishRows = [row('Publish', publish)];
