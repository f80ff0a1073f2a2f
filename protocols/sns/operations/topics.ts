import { createTopic } from '../handlers/create-topic.ts';
import { deleteTopic } from '../handlers/delete-topic.ts';
import { row, silentRow } from './row.ts';

export const topicRows = [row('CreateTopic', createTopic), silentRow('DeleteTopic', deleteTopic)];
