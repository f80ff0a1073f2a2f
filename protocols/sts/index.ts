import type { QuerySpelling } from '../aws/query-spelling.ts';
import type { AwsService, Call, Operation } from '../aws/service.ts';
import { xmlDocument } from '../aws/xml.ts';
import { errorOf } from './errors.ts';
import { assumeRole } from './handlers/assume-role.ts';
import { getCallerIdentity } from './handlers/get-caller-identity.ts';
import { getSessionToken } from './handlers/get-session-token.ts';
import type { Sts } from './sts.ts';

/** The part of STS that tools ask before all else: who am I, and credentials for a while. For `createAwsFront`. */
export function createSts(sts: Sts): AwsService {
  return {
    targetPrefix: 'AWSSecurityTokenServiceV20110615',
    namespace: 'com.amazonaws.sts',
    signingName: 'sts',
    actOf: (operation) => ({ name: `sts:${operation}`, action: 'browse' }),
    operations: [
      operation('GetCallerIdentity', (call) => getCallerIdentity(sts, call)),
      operation('GetSessionToken', (call) => getSessionToken(sts, call)),
      operation('AssumeRole', (call) => assumeRole(sts, call)),
    ],
    errorOf,
    query: {
      versions: ['2011-06-15'],
      xmlNamespaceOf: (version) => `https://sts.amazonaws.com/doc/${version}/`,
      hasDetail: false,
      textOf: (error) => error.message,
    },
  };
}

const spelling: QuerySpelling = {
  inputs: new Map(),
  outputs: new Map(),
  structures: new Set(['Credentials', 'AssumedRoleUser']),
};

function operation(name: string, handle: (call: Call) => Promise<object>): Operation {
  return {
    name,
    serveJson: async (call) => JSON.stringify(await handle(call)),
    query: {
      spelling,
      isForRootOnly: true,
      serveXml: async (call, frame) => xmlDocument(frame, await handle(call), spelling),
    },
  };
}
