import { addPermission } from '../handlers/add-permission.ts';
import { createTopic } from '../handlers/create-topic.ts';
import { deleteTopic } from '../handlers/delete-topic.ts';
import { getDataProtectionPolicy } from '../handlers/get-data-protection-policy.ts';
import { getTopicAttributes } from '../handlers/get-topic-attributes.ts';
import { listTagsForResource } from '../handlers/list-tags-for-resource.ts';
import { listTopics } from '../handlers/list-topics.ts';
import { putDataProtectionPolicy } from '../handlers/put-data-protection-policy.ts';
import { removePermission } from '../handlers/remove-permission.ts';
import { setTopicAttributes } from '../handlers/set-topic-attributes.ts';
import { tagResource } from '../handlers/tag-resource.ts';
import { untagResource } from '../handlers/untag-resource.ts';
import { row, silentRow } from './row.ts';

export const topicRows = [
  row('CreateTopic', createTopic),
  silentRow('DeleteTopic', deleteTopic),
  row('GetTopicAttributes', getTopicAttributes),
  silentRow('SetTopicAttributes', setTopicAttributes),
  row('ListTopics', listTopics),
  row('TagResource', tagResource),
  row('UntagResource', untagResource),
  row('ListTagsForResource', listTagsForResource),
  silentRow('AddPermission', addPermission),
  silentRow('RemovePermission', removePermission),
  silentRow('PutDataProtectionPolicy', putDataProtectionPolicy),
  row('GetDataProtectionPolicy', getDataProtectionPolicy),
];
