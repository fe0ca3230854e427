import { header, type HttpRequest, type HttpResponse } from '../../kernel/call';
import { type JsonObject, texts } from '../../kernel/json';

/**
 * CORS of an HTTP API, which answers preflight requests itself and replaces its integrations' CORS headers.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export class Cors {
  /** @param configuration `CorsConfiguration` of the API */
  constructor(private readonly configuration: JsonObject) {}

  /** Whether a request is a preflight. */
  isPreflight(request: HttpRequest): boolean {
    return (
      request.method === 'OPTIONS' &&
      header(request, 'origin') !== undefined &&
      header(request, 'access-control-request-method') !== undefined
    );
  }

  /** A response with the API's CORS headers in place of the integration's. */
  apply(request: HttpRequest, response: HttpResponse): HttpResponse {
    const kept = Object.entries(response.headers ?? {}).filter(([name]) => !name.startsWith('access-control-'));
    const origin = this.allowedOrigin(request);
    const own = origin === undefined ? {} : this.headers(origin, this.isPreflight(request));
    return { ...response, headers: { ...Object.fromEntries(kept), ...own } };
  }

  private allowedOrigin(request: HttpRequest): string | undefined {
    const origin = header(request, 'origin');
    if (origin === undefined) return undefined;
    const allowed = texts(this.configuration.AllowOrigins);
    if (allowed.includes('*')) return '*';
    const matches = (pattern: string) =>
      pattern === origin || (/^https?:\/\/\*$/.test(pattern) && origin.startsWith(pattern.slice(0, -1)));
    return allowed.some(matches) ? origin : undefined;
  }

  private headers(origin: string, isPreflight: boolean): Record<string, string> {
    const { AllowCredentials, AllowHeaders, AllowMethods, ExposeHeaders, MaxAge } = this.configuration;
    return {
      'access-control-allow-origin': origin,
      ...(AllowCredentials === true && { 'access-control-allow-credentials': 'true' }),
      ...joined('access-control-expose-headers', ExposeHeaders),
      ...(isPreflight && {
        ...joined('access-control-allow-methods', AllowMethods),
        ...joined('access-control-allow-headers', AllowHeaders),
        ...joined('access-control-max-age', MaxAge),
      }),
    };
  }
}

function joined(name: string, value: unknown): Record<string, string> {
  const items = texts(value);
  return items.length > 0 ? { [name]: items.join(',') } : {};
}
