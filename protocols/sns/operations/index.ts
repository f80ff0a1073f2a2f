import { mobileRows } from './mobile.ts';
import { publishRows } from './publish.ts';
import type { Row } from './row.ts';
import { smsRows } from './sms.ts';
import { subscriptionRows } from './subscriptions.ts';
import { topicRows } from './topics.ts';

/** All 42 operations of SNS [sqs-sns 2.1]. */
export const rows: readonly Row[] = [...topicRows, ...subscriptionRows, ...publishRows, ...mobileRows, ...smsRows];
