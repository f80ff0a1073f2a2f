import type { AwsError } from './errors.ts';
import { defaultKey, defaultValue, mapOutput, type QuerySpelling } from './query-spelling.ts';
import { type Answer, hintHeaders } from './reply.ts';
import type { Payload, QueryService } from './service.ts';
import { xmlText } from './xml.ts';

/** How a Query request wants its answer: XML, unless it accepts JSON before all else [sqs-sns 0.1]. */
export type QueryFormat = 'xml' | 'json';

/** @param contentType the parameter by which SDKs of old ask for JSON, boto 2 always */
export function formatOf(accept: string | undefined, contentType: string | undefined): QueryFormat {
  const isJson = contentType === 'JSON' || (accept !== undefined && /^\s*application\/json\b/i.test(accept));
  return isJson ? 'json' : 'xml';
}

export function xmlAnswer(payload: Payload, headers: readonly string[]): Answer {
  return { status: 200, type: xmlType, payload, headers };
}

export function jsonPage(payload: Payload, headers: readonly string[]): Answer {
  return { status: 200, type: jsonType, payload, headers };
}

/** What AWS says to a request that names no action, in whichever format (verified) [sqs-sns 0.1]. */
export function noAction(headers: readonly string[]): Answer {
  return { status: 404, type: xmlType, payload: '<UnknownOperationException/>', headers };
}

export interface QueryErrorOptions {
  readonly format: QueryFormat;
  /** Whose words the error has; undefined: no service's. */
  readonly query: QueryService | undefined;
  readonly requestId: string;
  readonly headers: readonly string[];
}

export function queryError(error: AwsError, { format, query, requestId, headers }: QueryErrorOptions): Answer {
  const own = [...hintHeaders(error), ...headers];
  const text = query?.textOf(error) ?? error.message;
  if (format === 'json') {
    const body = { Error: { Code: error.code, Message: text, Type: error.fault }, RequestId: requestId };
    return { status: error.status, type: jsonType, payload: JSON.stringify(body), headers: own };
  }
  const namespace = query === undefined ? '' : ` xmlns="${query.xmlNamespaceOf(query.versions[0] ?? '')}"`;
  const payload =
    `<?xml version="1.0"?><ErrorResponse${namespace}><Error><Type>${error.fault}</Type>` +
    `<Code>${error.code}</Code><Message>${xmlText(text)}</Message>${query?.hasDetail === true ? '<Detail/>' : ''}</Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { status: error.status, type: xmlType, payload, headers: own };
}

interface JsonOutput {
  readonly operation: string;
  readonly requestId: string;
  readonly spelling: QuerySpelling;
  readonly headers: readonly string[];
}

/**
 * The answer that AWS gives in JSON to a Query request: an object named for the operation, whose maps are lists of names
 * and values (verified for GetQueueAttributes). Made from the AWS JSON answer, for nobody asks for it often.
 */
export function jsonOfQuery(payload: Payload, { operation, requestId, spelling, headers }: JsonOutput): Answer {
  const output: unknown = payload === undefined ? undefined : JSON.parse(payload.toString());
  const body = {
    [`${operation}Response`]: {
      ...(output === undefined ? {} : { [`${operation}Result`]: listed(output, spelling) }),
      ResponseMetadata: { RequestId: requestId },
    },
  };
  return { status: 200, type: jsonType, payload: JSON.stringify(body), headers };
}

/** A structure with its maps as lists. */
function listed(value: unknown, spelling: QuerySpelling): unknown {
  if (Array.isArray(value)) return value.map((each) => listed(each, spelling));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const isObject = typeof each === 'object' && each !== null && !Array.isArray(each);
      const isMap = isObject && spelling.structures?.has(name) !== true;
      const { nameInJson = name } = spelling.outputs.get(name) ?? {};
      return [nameInJson, isMap ? listOf(each, name, spelling) : listed(each, spelling)];
    }),
  );
}

function listOf(map: object, name: string, spelling: QuerySpelling): readonly object[] {
  const { key = defaultKey, value = defaultValue } = mapOutput(spelling, name);
  return Object.entries(map).map(([each, inside]) => ({ [key]: each, [value]: listed(inside, spelling) }));
}

const xmlType = 'text/xml';
const jsonType = 'application/json';
