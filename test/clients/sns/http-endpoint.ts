import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { onTestFinished } from 'vitest';
import { Inbox } from './inbox.ts';

export interface HeardPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpEndpoint {
  /** `http://127.0.0.1:41233`, and whatever path a test adds. */
  readonly url: string;
  readonly posts: Inbox<HeardPost>;
  /** Without it, all that comes is answered 200. */
  answerBy(answer: (response: ServerResponse, post: HeardPost) => void): void;
}

/** A real HTTP server on loopback, in the process of the test; with a certificate, of HTTPS. */
export async function startHttpEndpoint(tls?: { readonly cert: Buffer; readonly key: Buffer }): Promise<HttpEndpoint> {
  const posts = new Inbox<HeardPost>();
  let answer = (response: ServerResponse, _post: HeardPost): void => void response.end();
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const post = { path: request.url ?? '', headers: request.headers, body };
      answer(response, post);
      posts.put(post);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the endpoint does not listen');
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    posts,
    answerBy: (own) => {
      answer = own;
    },
  };
}
