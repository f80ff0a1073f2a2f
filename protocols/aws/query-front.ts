import { type AwsError, commonError } from './errors.ts';
import { parseForm } from './form.ts';
import type { Heads } from './heads.ts';
import { formatOf, type QueryFormat } from './query-answers.ts';
import { type QueryDestination, QueryRequest } from './query-request.ts';
import { type AwsService, elsewhereHint, type QueryService } from './service.ts';
import { isForm, isResourceUrl } from './shape.ts';

/** A Query request as it came. */
export interface QueryArrival {
  readonly method: string;
  readonly url: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly heads: Heads;
  readonly body: Buffer;
}

/** A Query request that makes no sense, with what its answer has to look like. */
export class QueryMismatch {
  readonly error: AwsError;
  readonly format: QueryFormat;
  /** Whose words the error has; undefined: nobody speaks the protocol. */
  readonly query: QueryService | undefined;

  constructor(error: AwsError, format: QueryFormat, query: QueryService | undefined) {
    this.error = error;
    this.format = format;
    this.query = query;
  }
}

/** Finds out what a Query request asks for, of all services that speak the protocol. */
export class QueryFront {
  private readonly queries: readonly QueryService[];
  /** By version; under an empty one by the action alone. */
  private readonly destinations: DestinationsByVersion;
  /** The hint to who means a service that is not here. */
  private readonly elsewhere: string;

  constructor(services: readonly AwsService[]) {
    this.queries = services.flatMap(({ query }) => (query === undefined ? [] : [query]));
    this.destinations = destinationsByVersion(services);
    this.elsewhere = elsewhereHint(services);
  }

  /** @returns undefined: it names no action */
  match(arrival: QueryArrival): QueryRequest | QueryMismatch | undefined {
    const form = parseForm(bytesOf(arrival));
    const accept = acceptIn(arrival.rawHeaders);
    if (form === undefined) {
      const error = commonError('MalformedQueryString', 'The request has more parameters than any operation takes.');
      return new QueryMismatch(error, formatOf(accept, undefined), this.fallback);
    }
    const action = form.find('Action') ?? this.actionAt(arrival.url) ?? '';
    if (action === '') return undefined;
    const version = form.find('Version') ?? '';
    const format = formatOf(accept, form.find('ContentType'));
    const destination = this.destinations.get(version)?.get(action);
    if (destination === undefined) {
      const isServed = this.destinations.has(version);
      const error = isServed ? invalidAction(action) : noSuchVersion(version, this.elsewhere);
      return new QueryMismatch(error, format, this.serviceOf(version));
    }
    if (destination.inQuery.isForRootOnly && isResourceUrl(arrival.url)) {
      return new QueryMismatch(invalidAction(action), format, destination.query);
    }
    return new QueryRequest(form, destination, format);
  }

  /** Its version tells whose request it is, where its action does not. */
  private serviceOf(version: string): QueryService | undefined {
    return this.queries.find(({ versions }) => versions.includes(version)) ?? this.fallback;
  }

  /** Whose words an error has that no operation answers; undefined: nobody speaks the protocol. */
  get fallback(): QueryService | undefined {
    return this.queries[0];
  }

  private actionAt(url: string): string | undefined {
    for (const query of this.queries) {
      const action = query.actionAt?.(url);
      if (action !== undefined) return action;
    }
    return undefined;
  }
}

/** Of the headers, the one that only this protocol asks for. */
export function acceptIn(rawHeaders: readonly string[]): string | undefined {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length === 6 && name.toLowerCase() === 'accept') return rawHeaders[i + 1];
  }
  return undefined;
}

type DestinationsByVersion = ReadonlyMap<string, ReadonlyMap<string, QueryDestination>>;

function destinationsByVersion(services: readonly AwsService[]): DestinationsByVersion {
  // Where the version is missing, the first service that has such an operation is meant (verified for SQS) [sqs-sns 0.1].
  const unversioned = new Map<string, QueryDestination>();
  const destinations = new Map([['', unversioned]]);
  for (const service of services) {
    for (const operation of service.operations) {
      const { query } = service;
      const inQuery = operation.query;
      if (query === undefined || inQuery === undefined) continue;
      for (const version of query.versions) {
        const destination = { service, operation, inQuery, query, version };
        const byAction = destinations.get(version) ?? new Map<string, QueryDestination>();
        destinations.set(version, byAction.set(operation.name, destination));
        if (!unversioned.has(operation.name)) unversioned.set(operation.name, destination);
      }
    }
  }
  return destinations;
}

/** The parameters of the body, then those of the URL: the first of a name counts. */
function bytesOf({ url, heads, body }: QueryArrival): Buffer {
  const queryAt = url.indexOf('?');
  const inBody = isForm(heads) ? body : noBody;
  if (queryAt < 0) return inBody;
  const inUrl = Buffer.from(url.slice(queryAt + 1), 'latin1');
  return inBody.length === 0 ? inUrl : Buffer.concat([inBody, ampersand, inUrl]);
}

const noBody = Buffer.alloc(0);
const ampersand = Buffer.from('&');
const shownCharactersMax = 100;

function invalidAction(action: string): AwsError {
  return commonError('InvalidAction', `The action ${shown(action)} is not valid for this endpoint.`);
}

function noSuchVersion(version: string, hint: string): AwsError {
  return commonError('NoSuchVersion', `The version ${shown(version)} is not one of this endpoint's.`, hint);
}

function shown(text: string): string {
  return text.slice(0, shownCharactersMax);
}
