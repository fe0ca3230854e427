import handler from 'lintel-handler';
import type { HeaderRule } from '../../site/asset-rules';
import { withoutForever } from './files-only';
import { headersFor } from './header-rules';

/** The rules of the site's `_headers`, inserted by the bundler. */
declare const HEADER_RULES: readonly HeaderRule[];
/** Paths of files that never change. */
declare const IMMUTABLE: readonly string[];

type Entrypoint = Extract<typeof handler, abstract new (...args: never[]) => unknown>;

/**
 * The site's handler, whose responses get the headers that the platform sets on files only. A header set by the handler
 * itself is left alone, even by a rule that removes it; an error at a file's path is not cached like the file.
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

/** Headers that control caching. */
const KEEPING = ['cache-control', 'cdn-cache-control', 'cloudflare-cdn-cache-control', 'surrogate-control'];

function withHeaders(request: Request, response: Response): Response {
  const headers = headersFor(HEADER_RULES, request.url);
  // A WebSocket cannot be moved into a new response.
  if (headers.size === 0 || response.webSocket) return response;
  const answer = new Response(response.body, response);
  // A file's caching does not apply to an error in its place, nor to a response with caching headers of its own.
  const isKept = response.status >= 400 || KEEPING.some((name) => response.headers.has(name));
  for (const [name, value] of headers) {
    if (isKept && KEEPING.includes(name)) continue;
    if (!answer.headers.has(name)) answer.headers.set(name, value);
  }
  return answer;
}
