import type { GatewayConfig } from '../../gateway-config';

type Cors = NonNullable<GatewayConfig['cors']>;

/** Whether a request is a preflight. */
export function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.has('access-control-request-method');
}

/** The origin of the requesting page, if allowed. */
export function allowedOrigin({ origins }: Cors, { headers }: Request): string | undefined {
  const origin = headers.get('origin');
  return origin !== null && (origins.includes(origin) || origins.includes('*')) ? origin : undefined;
}

/** Response to a preflight. */
export function preflight(cors: Cors, request: Request): Response {
  const { methods, headers, maxAge } = cors;
  if (allowedOrigin(cors, request) === undefined) return new Response(null, { status: 403 });
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': headers.join(', '),
      'access-control-max-age': String(maxAge),
      'cache-control': 'no-store',
    },
  });
}

/** Lets pages read a response, even a refusal; the origin's own CORS headers are replaced. */
export function withCors(headers: Headers, cors: Cors, request: Request): void {
  for (const name of [...headers.keys()]) {
    if (name.startsWith('access-control-') && !OWN.includes(name)) headers.delete(name);
  }
  const isForAll = cors.origins.includes('*');
  if (!isForAll) headers.append('vary', 'Origin');
  const origin = allowedOrigin(cors, request);
  if (origin === undefined) return;
  headers.set('access-control-allow-origin', isForAll ? '*' : origin);
  if (cors.credentials) headers.set('access-control-allow-credentials', 'true');
  if (cors.exposedHeaders.length > 0) headers.set('access-control-expose-headers', cors.exposedHeaders.join(', '));
}

/** Preflight headers of the gateway. */
const OWN = ['access-control-allow-methods', 'access-control-allow-headers', 'access-control-max-age'];
