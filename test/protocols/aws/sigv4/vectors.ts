/**
 * Requests of AWS's published "Signature Version 4 test suite" with their signatures: key AKIDEXAMPLE, 20150830T123600Z,
 * us-east-1, service `service`; every one has Host and X-Amz-Date besides what is named here.
 */
export interface Vector {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly signedHeaders: string;
  readonly signature: string;
}

export const vectorKeyId = 'AKIDEXAMPLE';
export const vectorSecret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
export const vectorAt = Date.UTC(2015, 7, 30, 12, 36, 0);

const unreserved = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const sessionToken =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';

export const vectors: readonly Vector[] = [
  vector('get-vanilla', 'GET /', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),
  vector('get-unreserved', `GET /${unreserved}`, '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f'),
  vector(
    'get-vanilla-empty-query-key',
    'GET /?Param1=value1',
    'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
  ),
  vector(
    'get-vanilla-query-order-key',
    'GET /?Param1=value2&Param1=Value1',
    'eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1',
  ),
  vector(
    'get-vanilla-query-order-key-case',
    'GET /?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ),
  vector(
    'get-vanilla-query-order-value',
    'GET /?Param1=value2&Param1=value1',
    '5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694',
  ),
  vector(
    'get-vanilla-query-unreserved',
    `GET /?${unreserved}=${unreserved}`,
    '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  ),
  vector('post-vanilla', 'POST /', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'),
  vector(
    'post-vanilla-query',
    'POST /?Param1=value1',
    '28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11',
  ),
  vector(
    'get-header-value-order',
    'GET /',
    '08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01',
    ['My-Header1', 'value4', 'My-Header1', 'value1', 'My-Header1', 'value3', 'My-Header1', 'value2'],
    'host;my-header1;x-amz-date',
  ),
  vector(
    'get-header-key-duplicate',
    'GET /',
    'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
    ['My-Header1', 'value2', 'My-Header1', 'value2', 'My-Header1', 'value1'],
    'host;my-header1;x-amz-date',
  ),
  vector(
    'get-header-value-trim',
    'GET /',
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    ['My-Header1', 'value1', 'My-Header2', '"a   b   c"'],
    'host;my-header1;my-header2;x-amz-date',
  ),
  vector(
    'post-header-value-case',
    'POST /',
    'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d',
    ['My-Header1', 'VALUE1'],
    'host;my-header1;x-amz-date',
  ),
  vector(
    'post-sts-header-before',
    'POST /',
    '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
    ['X-Amz-Security-Token', sessionToken],
    'host;x-amz-date;x-amz-security-token',
  ),
];

function vector(
  name: string,
  start: string,
  signature: string,
  headers: readonly string[] = [],
  signedHeaders = 'host;x-amz-date',
): Vector {
  const [method = '', url = ''] = start.split(' ');
  return { name, method, url, headers, signedHeaders, signature };
}
