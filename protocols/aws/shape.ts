import type { Heads } from './heads.ts';

/** What is known of a request before its body is. */
export interface RequestShape {
  readonly method: string;
  readonly url: string;
  readonly heads: Heads;
}

/**
 * Whether a request without X-Amz-Target is AWS's all the same: the Query protocol, a queue's URL, or a preflight for one of
 * our own. Everything else is the router's, `GET /` included.
 */
export function isAwsShaped({ method, url, heads }: RequestShape): boolean {
  if (isResourceUrl(url) || ownPage.test(url)) return true;
  if (url.startsWith('/_')) return false;
  if (actionInQuery.test(url)) return true;
  if (method === 'POST') return isAtRoot(url) || saysForm(heads);
  return method === 'OPTIONS' && heads.origin !== undefined && isAtRoot(url);
}

/** A queue's own URL, where what concerns no queue, or all, is not to be asked. */
export function isResourceUrl(url: string): boolean {
  return resourceUrl.test(url);
}

/** The body is a form: an SDK says so, and who says nothing means one. */
export function isForm({ contentType }: Heads): boolean {
  if (contentType === undefined || contentType.startsWith(formType)) return true;
  return contentType.slice(0, formType.length).toLowerCase() === formType;
}

export function saysForm(heads: Heads): boolean {
  return heads.contentType !== undefined && isForm(heads);
}

function isAtRoot(url: string): boolean {
  return url === '/' || url.startsWith('/?');
}

const resourceUrl = /^\/(queue\/|\d{12}\/[^/?]+\/?(\?|$))/;
/** Pages of our own that answer in the Query protocol, and need no action to say what they are. */
const ownPage = /^\/_aws\/sqs\/messages(?:[/?]|$)/;
const actionInQuery = /[?&]Action=/;
const formType = 'application/x-www-form-urlencoded';
