import { randomUUID } from 'node:crypto';
import type { AwsError } from './errors.ts';
import type { Form } from './form.ts';
import type { Members } from './members.ts';
import { jsonOfQuery, jsonPage, type QueryFormat, queryError, xmlAnswer } from './query-answers.ts';
import { QueryMembers } from './query-members.ts';
import type { Answer } from './reply.ts';
import type { AwsService, Call, Operation, QueryOperation, QueryService } from './service.ts';

/** Where a Query request goes. */
export interface QueryDestination {
  readonly service: AwsService;
  readonly operation: Operation;
  readonly inQuery: QueryOperation;
  readonly query: QueryService;
  readonly version: string;
}

/** What of one exchange is the Query protocol's: its members, its answer, its errors. */
export class QueryRequest {
  readonly members: Members;
  /** All that was sent, with what a presigned URL has. */
  readonly form: Form;
  readonly destination: QueryDestination;
  /** In the answer's body as in its header. */
  readonly requestId = randomUUID();
  private readonly format: QueryFormat;

  constructor(form: Form, destination: QueryDestination, format: QueryFormat) {
    this.members = new QueryMembers(form, destination.inQuery.spelling);
    this.form = form;
    this.destination = destination;
    this.format = format;
  }

  /** Runs the operation. */
  async answer(call: Call, headers: readonly string[]): Promise<Answer> {
    const { operation, inQuery, query, version } = this.destination;
    const { requestId } = this;
    if (this.format === 'json') {
      const { spelling } = inQuery;
      const own = await inQuery.serveOwnJson?.(call, requestId);
      if (own !== undefined) return jsonPage(own, headers);
      return jsonOfQuery(await operation.serveJson(call), { operation: operation.name, requestId, spelling, headers });
    }
    const frame = { operation: operation.name, namespace: query.xmlNamespaceOf(version), requestId };
    return xmlAnswer(await inQuery.serveXml(call, frame), headers);
  }

  errorAnswer(error: AwsError, headers: readonly string[]): Answer {
    const { format, requestId } = this;
    return queryError(error, { format, query: this.destination.query, requestId, headers });
  }
}
