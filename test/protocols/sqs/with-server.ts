import { type SqsServer, type SqsServerOptions, serveSqs } from './serve-sqs.ts';

/** Gives a test a server of its own, stopped whatever happens. */
export async function withServer(
  test: (server: SqsServer) => Promise<void>,
  options: SqsServerOptions = {},
): Promise<void> {
  const server = await serveSqs(options);
  try {
    await test(server);
  } finally {
    await server.stop();
  }
}
