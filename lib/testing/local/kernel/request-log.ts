import type { HttpRequest, HttpResponse } from './call';
import type { Logs } from './logs';

/**
 * Logs each request: method and path, status, and duration: `GET /orders 200 12 ms`.
 * @param source the construct path of the resource that answers
 */
export function withRequestLog(
  logs: Logs,
  source: string,
  answer: (request: HttpRequest) => Promise<HttpResponse>,
): (request: HttpRequest) => Promise<HttpResponse> {
  if (!logs.isHeard) return answer;
  return async (request) => {
    const begun = performance.now();
    const response = await answer(request);
    const { method, path, query } = request;
    const place = query === '' ? path : `${path}?${query}`;
    logs.tell(source, `${method} ${place} ${response.status} ${Math.round(performance.now() - begun)} ms`);
    return response;
  };
}
