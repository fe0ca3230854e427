// What the engine expects of a program that it starts.
import grpc from '@grpc/grpc-js';

/** Starts a server on a free port of this machine and prints the port, by which the engine finds it. */
export function serve(/** @type {import('@grpc/grpc-js').Server} */ server) {
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  process.on('disconnect', () => process.exit());
}

/**
 * Handlers of calls with one request and one response; what they throw is the error of the call.
 * @template {Record<string, (request: any) => unknown>} T
 * @param {T} handlers
 */
export function unary(handlers) {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [
      name,
      async (
        /** @type {{ request: unknown }} */ call,
        /** @type {(error: object | null, response?: unknown) => void} */ answer,
      ) => {
        try {
          answer(null, await handle(call.request));
        } catch (error) {
          answer({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
        }
      },
    ]),
  );
}
