import handler from 'lintel-handler';
import type { HeaderRule } from '../../site/asset-rules';
import { withoutForever } from './files-only';
import { headersFor } from './header-rules';

/** The rules of the site's `_headers`, which the bundle holds. */
declare const HEADER_RULES: readonly HeaderRule[];
/** Paths of files that never change. */
declare const IMMUTABLE: readonly string[];

type Entrypoint = Extract<typeof handler, abstract new (...args: never[]) => unknown>;

/**
 * The site's handler, whose answers get the headers that the platform puts on files only. A header that the handler sets
 * itself stays as it is, also where a rule takes it away; an error in the place of a file is not kept as the file is.
 */
export * from 'lintel-handler';
export default typeof handler === 'function' ? derived(handler) : around(handler);

function around<T extends ExportedHandler>(own: T): T {
  const { fetch } = own;
  if (!fetch) return own;
  return Object.create(own, {
    fetch: {
      enumerable: true,
      value: async (...[request, env, context]: Parameters<typeof fetch>) =>
        withHeaders(request, withoutForever(IMMUTABLE, request, await fetch.call(own, request, env, context))),
    },
  }) as T;
}

function derived(own: Entrypoint): Entrypoint {
  const { fetch } = own.prototype as InstanceType<Entrypoint>;
  if (!fetch) return own;
  return class extends own {
    override async fetch(request: Request): Promise<Response> {
      return withHeaders(request, withoutForever(IMMUTABLE, request, await fetch.call(this, request)));
    }
  };
}

/** Headers that say how long an answer is kept, and where. */
const KEEPING = ['cache-control', 'cdn-cache-control', 'cloudflare-cdn-cache-control', 'surrogate-control'];

function withHeaders(request: Request, response: Response): Response {
  const headers = headersFor(HEADER_RULES, request.url);
  // The other end of a WebSocket cannot be put into a new response.
  if (headers.size === 0 || response.webSocket) return response;
  const answer = new Response(response.body, response);
  // How long a file is kept is no word about an error in its place, nor about an answer of which the handler says it itself.
  const says = response.status >= 400 || KEEPING.some((name) => response.headers.has(name));
  for (const [name, value] of headers) {
    if (says && KEEPING.includes(name)) continue;
    if (!answer.headers.has(name)) answer.headers.set(name, value);
  }
  return answer;
}
