import type * as Package from 'miniflare';

/** Answers Workers' requests in the test, with Node's own Request and Response. */
export type NodeService = (request: Request) => Response | Promise<Response>;

/** The header with the reason for a missing response. */
const FAILED = 'x-lintel-failed';

/** A test's function as the engine calls it: bodies stream both ways, and its errors reach the caller. */
export function nodeService({ Response: EngineResponse }: typeof Package, service: NodeService) {
  return async (request: Package.Request) => {
    const { url, method, headers } = request;
    const body = method === 'GET' || method === 'HEAD' ? undefined : (request.body as ReadableStream | null);
    try {
      const init = { method, headers: [...headers], body, ...(body && { duplex: 'half' }) };
      const answer = await service(new Request(url, init as RequestInit));
      const { status, statusText } = answer;
      const empty = [101, 204, 205, 304].includes(status);
      return new EngineResponse(empty ? null : (answer.body as never), {
        status,
        statusText,
        headers: [...answer.headers],
      });
    } catch (error) {
      const { message = String(error) } = Object(error) as Partial<Error>;
      return new EngineResponse(null, { status: 502, headers: { [FAILED]: encodeURIComponent(message) } });
    }
  };
}
