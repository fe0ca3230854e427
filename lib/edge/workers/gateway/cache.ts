import { matches } from './paths';

/**
 * Answers from the cache of this location, and keeps what may be kept. The key is the address at the origin and what the
 * origin is told, so different variants never share an answer. A path that is kept is asked for without token and
 * cookies: what is kept for all cannot depend on one.
 * @param request as the origin gets it
 * @param told what the origin is told about the client beyond the address
 */
export async function cached(
  seconds: Readonly<Record<string, number>>,
  pathname: string,
  request: Request,
  told: string,
  context: ExecutionContext,
  answer: (request: Request) => Promise<Response>,
): Promise<Response> {
  const pattern = request.method === 'GET' ? matches(Object.keys(seconds), 'GET', pathname) : undefined;
  if (pattern === undefined) return answer(request);
  const address = new URL(request.url);
  address.searchParams.set('lintel-told', told);
  const key = new Request(address);
  const kept = await caches.default.match(key);
  if (kept) return marked(kept, 'HIT');
  const anonymous = new Request(request);
  anonymous.headers.delete('authorization');
  anonymous.headers.delete('cookie');
  const response = await answer(anonymous);
  if (mayKeep(response)) {
    const copy = new Response(response.clone().body, response);
    copy.headers.set('cache-control', `public, max-age=${seconds[pattern]}`);
    context.waitUntil(caches.default.put(key, copy));
  }
  return marked(response, 'MISS');
}

function mayKeep({ status, headers }: Response): boolean {
  const vary = (headers.get('vary') ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
    .filter(Boolean);
  return (
    status === 200 &&
    !headers.has('set-cookie') &&
    !/private|no-store|no-cache/.test(headers.get('cache-control') ?? '') &&
    vary.every((name) => name === 'accept-encoding')
  );
}

function marked(response: Response, state: 'HIT' | 'MISS'): Response {
  const answer = new Response(response.body, response);
  answer.headers.set('x-cache', state);
  return answer;
}
