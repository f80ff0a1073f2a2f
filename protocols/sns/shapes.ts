/**
 * What each operation reads and answers, as the published model of SNS says [SNS API 2010-03-31]: by hand, so that it is
 * known what we claim, and held against the SDK's own model by test/protocols/sns/model.test.ts. Lists and maps are spelt
 * the Query protocol's own way, `member` and `entry`, but for the halves of one map.
 */
export type Shape = Scalar | List | TextMap;
type Scalar = 'text' | 'integer' | 'boolean' | 'bytes' | 'timestamp';
interface List {
  readonly of: 'text' | Members;
}
interface TextMap {
  readonly to: 'text' | Members;
  /** Names of its halves in the Query protocol, where they are not `key` and `value`. */
  readonly halves?: { readonly key: string; readonly value: string };
}
export type Members = { readonly [name: string]: Shape };

interface OperationShape {
  readonly input: Members;
  /** Undefined: the operation answers nothing, and its XML has no element for it. */
  readonly output: Members | undefined;
}

const texts: List = { of: 'text' };
const textMap: TextMap = { to: 'text' };
const tags: List = { of: { Key: 'text', Value: 'text' } };
const messageAttributes: TextMap = {
  to: { DataType: 'text', StringValue: 'text', BinaryValue: 'bytes' },
  halves: { key: 'Name', value: 'Value' },
};
const toPublish: Members = {
  Message: 'text',
  Subject: 'text',
  MessageStructure: 'text',
  MessageAttributes: messageAttributes,
  MessageDeduplicationId: 'text',
  MessageGroupId: 'text',
};
const subscriptions: Members = {
  Subscriptions: {
    of: { SubscriptionArn: 'text', Owner: 'text', Protocol: 'text', Endpoint: 'text', TopicArn: 'text' },
  },
  NextToken: 'text',
};
const ofTopic: Members = { TopicArn: 'text' };
const ofResource: Members = { ResourceArn: 'text' };
const ofEndpoint: Members = { EndpointArn: 'text' };
const ofApplication: Members = { PlatformApplicationArn: 'text' };
const attributes: Members = { Attributes: textMap };
const oneAttribute: Members = { AttributeName: 'text', AttributeValue: 'text' };

/** The small letters of phone and SMS calls are AWS's. */
export const operationShapes = {
  AddPermission: { input: { ...ofTopic, Label: 'text', AWSAccountId: texts, ActionName: texts }, output: undefined },
  CheckIfPhoneNumberIsOptedOut: { input: { phoneNumber: 'text' }, output: { isOptedOut: 'boolean' } },
  ConfirmSubscription: {
    input: { ...ofTopic, Token: 'text', AuthenticateOnUnsubscribe: 'text' },
    output: { SubscriptionArn: 'text' },
  },
  CreatePlatformApplication: { input: { Name: 'text', Platform: 'text', ...attributes }, output: ofApplication },
  CreatePlatformEndpoint: {
    input: { ...ofApplication, Token: 'text', CustomUserData: 'text', ...attributes },
    output: ofEndpoint,
  },
  CreateSMSSandboxPhoneNumber: { input: { PhoneNumber: 'text', LanguageCode: 'text' }, output: {} },
  CreateTopic: { input: { Name: 'text', ...attributes, Tags: tags, DataProtectionPolicy: 'text' }, output: ofTopic },
  DeleteEndpoint: { input: ofEndpoint, output: undefined },
  DeletePlatformApplication: { input: ofApplication, output: undefined },
  DeleteSMSSandboxPhoneNumber: { input: { PhoneNumber: 'text' }, output: {} },
  DeleteTopic: { input: ofTopic, output: undefined },
  GetDataProtectionPolicy: { input: ofResource, output: { DataProtectionPolicy: 'text' } },
  GetEndpointAttributes: { input: ofEndpoint, output: attributes },
  GetPlatformApplicationAttributes: { input: ofApplication, output: attributes },
  GetSMSAttributes: { input: { attributes: texts }, output: { attributes: textMap } },
  GetSMSSandboxAccountStatus: { input: {}, output: { IsInSandbox: 'boolean' } },
  GetSubscriptionAttributes: { input: { SubscriptionArn: 'text' }, output: attributes },
  GetTopicAttributes: { input: ofTopic, output: attributes },
  ListEndpointsByPlatformApplication: {
    input: { ...ofApplication, NextToken: 'text' },
    output: { Endpoints: { of: { ...ofEndpoint, ...attributes } }, NextToken: 'text' },
  },
  ListOriginationNumbers: {
    input: { NextToken: 'text', MaxResults: 'integer' },
    output: {
      NextToken: 'text',
      PhoneNumbers: {
        of: {
          CreatedAt: 'timestamp',
          PhoneNumber: 'text',
          Status: 'text',
          Iso2CountryCode: 'text',
          RouteType: 'text',
          NumberCapabilities: texts,
        },
      },
    },
  },
  ListPhoneNumbersOptedOut: { input: { nextToken: 'text' }, output: { phoneNumbers: texts, nextToken: 'text' } },
  ListPlatformApplications: {
    input: { NextToken: 'text' },
    output: { PlatformApplications: { of: { ...ofApplication, ...attributes } }, NextToken: 'text' },
  },
  ListSMSSandboxPhoneNumbers: {
    input: { NextToken: 'text', MaxResults: 'integer' },
    output: { PhoneNumbers: { of: { PhoneNumber: 'text', Status: 'text' } }, NextToken: 'text' },
  },
  ListSubscriptions: { input: { NextToken: 'text' }, output: subscriptions },
  ListSubscriptionsByTopic: { input: { ...ofTopic, NextToken: 'text' }, output: subscriptions },
  ListTagsForResource: { input: ofResource, output: { Tags: tags } },
  ListTopics: { input: { NextToken: 'text' }, output: { Topics: { of: ofTopic }, NextToken: 'text' } },
  OptInPhoneNumber: { input: { phoneNumber: 'text' }, output: {} },
  Publish: {
    input: { ...ofTopic, TargetArn: 'text', PhoneNumber: 'text', ...toPublish },
    output: { MessageId: 'text', SequenceNumber: 'text' },
  },
  PublishBatch: {
    input: { ...ofTopic, PublishBatchRequestEntries: { of: { Id: 'text', ...toPublish } } },
    output: {
      Successful: { of: { Id: 'text', MessageId: 'text', SequenceNumber: 'text' } },
      Failed: { of: { Id: 'text', Code: 'text', Message: 'text', SenderFault: 'boolean' } },
    },
  },
  PutDataProtectionPolicy: { input: { ...ofResource, DataProtectionPolicy: 'text' }, output: undefined },
  RemovePermission: { input: { ...ofTopic, Label: 'text' }, output: undefined },
  SetEndpointAttributes: { input: { ...ofEndpoint, ...attributes }, output: undefined },
  SetPlatformApplicationAttributes: { input: { ...ofApplication, ...attributes }, output: undefined },
  SetSMSAttributes: { input: { attributes: textMap }, output: {} },
  SetSubscriptionAttributes: { input: { SubscriptionArn: 'text', ...oneAttribute }, output: undefined },
  SetTopicAttributes: { input: { ...ofTopic, ...oneAttribute }, output: undefined },
  Subscribe: {
    input: {
      ...ofTopic,
      Protocol: 'text',
      Endpoint: 'text',
      Attributes: textMap,
      ReturnSubscriptionArn: 'boolean',
    },
    output: { SubscriptionArn: 'text' },
  },
  TagResource: { input: { ...ofResource, Tags: tags }, output: {} },
  Unsubscribe: { input: { SubscriptionArn: 'text' }, output: undefined },
  UntagResource: { input: { ...ofResource, TagKeys: texts }, output: {} },
  VerifySMSSandboxPhoneNumber: { input: { PhoneNumber: 'text', OneTimePassword: 'text' }, output: {} },
} as const satisfies Record<string, OperationShape>;

export type OperationName = keyof typeof operationShapes;

function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(operationShapes, name);
}

export const operationNames: readonly OperationName[] = Object.keys(operationShapes).filter(isOperationName);
