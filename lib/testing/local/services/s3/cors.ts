import { AwsError, errorResponse } from '../../kernel/aws-errors';
import { header, type HttpRequest, type HttpResponse } from '../../kernel/call';
import { type JsonObject, recordOf, records, text, texts } from '../../kernel/json';
import { requestId } from './xml';

const NOT_ALLOWED =
  "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";
const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];

/**
 * The CORS configuration of a bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
export class BucketCors {
  private readonly rules: readonly JsonObject[];

  /** @param configuration the template's `CorsConfiguration`; without one, all cross-origin requests are denied */
  constructor(configuration: unknown) {
    this.rules = records(recordOf(configuration).CorsRules);
  }

  /** The response to a preflight request. */
  preflight(request: HttpRequest, type: 'BUCKET' | 'OBJECT'): HttpResponse {
    const origin = header(request, 'origin');
    const method = header(request, 'access-control-request-method');
    if (origin === undefined)
      return refused('BadRequest', 'Insufficient information. Origin request header needed.', 400);
    if (method === undefined || !METHODS.includes(method)) {
      return refused('BadRequest', `Invalid Access-Control-Request-Method: ${method ?? 'null'}`, 400);
    }
    const fields = { Method: method, ResourceType: type };
    if (this.rules.length === 0) return forbidden('CORS is not enabled for this bucket.', fields);
    const asked = (header(request, 'access-control-request-headers') ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== '');
    const rule = this.find(origin, method, asked);
    if (!rule) return forbidden(NOT_ALLOWED, fields);
    const allowed: Record<string, string> =
      asked.length > 0 ? { 'access-control-allow-headers': asked.join(', ') } : {};
    return { status: 200, headers: { ...headersOf(rule, origin), ...allowed, 'x-amz-request-id': requestId() } };
  }

  /** Adds CORS headers to a response. */
  apply(request: HttpRequest, response: HttpResponse): HttpResponse {
    const origin = header(request, 'origin');
    const rule = origin === undefined ? undefined : this.find(origin, request.method, []);
    if (origin === undefined || !rule) return response;
    return { ...response, headers: { ...response.headers, ...headersOf(rule, origin) } };
  }

  private find(origin: string, method: string, headers: readonly string[]): JsonObject | undefined {
    return this.rules.find(
      ({ AllowedOrigins, AllowedMethods, AllowedHeaders }) =>
        texts(AllowedOrigins).some((pattern) => isLike(origin, pattern)) &&
        texts(AllowedMethods).includes(method) &&
        headers.every((name) => texts(AllowedHeaders).some((pattern) => isLike(name, pattern.toLowerCase()))),
    );
  }
}

/** The preflight response for a missing bucket. */
export function noBucket(method: string, type: 'BUCKET' | 'OBJECT'): HttpResponse {
  return forbidden('Bucket not found', { Method: method, ResourceType: type });
}

function headersOf({ AllowedOrigins, AllowedMethods, ...rule }: JsonObject, origin: string): Record<string, string> {
  const all = texts(AllowedOrigins).includes('*');
  const exposed = texts(rule.ExposedHeaders);
  const maxAge = text(rule.MaxAge);
  return {
    'access-control-allow-origin': all ? '*' : origin,
    'access-control-allow-methods': texts(AllowedMethods).join(', '),
    ...(exposed.length > 0 && { 'access-control-expose-headers': exposed.join(', ') }),
    ...(maxAge !== undefined && { 'access-control-max-age': maxAge }),
    ...(!all && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

/** Whether a string matches a pattern with at most one `*`. */
function isLike(value: string, pattern: string): boolean {
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return value === pattern;
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
}

function forbidden(message: string, fields: Readonly<Record<string, string>>): HttpResponse {
  return refused('AccessForbidden', `CORSResponse: ${message}`, 403, fields);
}

function refused(code: string, message: string, status: number, fields = {}): HttpResponse {
  return errorResponse('s3', new AwsError(code, message, status, fields));
}
