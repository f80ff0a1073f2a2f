import { type Answer, exchange, type RawRequest, scope } from '../call.ts';
import type { JsonObject } from '../cases/case.ts';
import { outputOf, parametersOf } from './spell.ts';
import { child, type Element, parseXml, textAt } from './xml.ts';

/** An answer in XML, well-formed or this has thrown. */
export interface QueryAnswer extends Answer {
  readonly root: Element;
  readonly error: QueryError | undefined;
}
interface QueryError {
  readonly type: string | undefined;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

export async function callQuery(
  server: { readonly port: number },
  operation: string,
  input: JsonObject,
  more: RawRequest = {},
): Promise<QueryAnswer> {
  return exchangeQuery(server, { body: parametersOf(operation, input).toString(), ...more }, operation);
}

/** As `exchange`, for answers in XML. */
export async function exchangeQuery(
  server: { readonly port: number },
  raw: RawRequest,
  operation = '',
): Promise<QueryAnswer> {
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8',
    ...scope('test', 'us-east-1'),
    ...raw.headers,
  };
  const answer = await exchange(server, { method: 'POST', ...raw, headers });
  const root = parseXml(answer.text);
  const error = child(root, 'Error');
  return {
    ...answer,
    root,
    error:
      error === undefined
        ? undefined
        : { type: textAt(error, 'Type'), code: textAt(error, 'Code'), message: textAt(error, 'Message') },
    output: outputOf(operation, root),
  };
}
