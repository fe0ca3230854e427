import type { Caller } from './caller';
import { isRecord, type JsonObject, parseJson } from './json';

/** An HTTP request, read to its end. */
export interface HttpRequest {
  /** In upper case. */
  readonly method: string;
  /** As sent, undecoded, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names in lower case, in the order sent; a repeated header occurs more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The header names as the client wrote them, in the same order; absent for requests from no client. */
  readonly writtenNames?: readonly string[];
  /** The bytes of the body. */
  readonly body: Buffer;
  /** The address of the client. */
  readonly sourceIp: string;
}

export interface HttpResponse {
  readonly status: number;
  /** A list for a header that is sent several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** The body in chunks, instead of `body`: each is sent as it arrives. If it throws, the connection is cut. */
  readonly stream?: AsyncIterable<Uint8Array>;
}

/** The first value of a header; undefined when it was not sent. */
export function header(request: HttpRequest, name: string): string | undefined {
  return request.headers.find(([known]) => known === name)?.[1];
}

/** One call of the AWS API. */
export interface Call {
  /** The service as the SDK signs for it: `dynamodb`, `states`. */
  readonly service: string;
  /** `GetItem`. */
  readonly operation: string;
  readonly caller: Caller;
  /** Who uses the caller's access: its code, or a service on its behalf. */
  readonly by: 'code' | 'platform';
  /** The parameters: of the JSON body, or of the form. Empty for REST protocols, which read the request. */
  readonly input: JsonObject;
  /** The request as it came. */
  readonly request: HttpRequest;
}

const FORM = 'application/x-www-form-urlencoded';

/**
 * Turns a query protocol call with its parameters in the URL (`?Action=GetCallerIdentity&Version=2011-06-15`) into the
 * equivalent form.
 */
export function withoutUrlParameters(request: HttpRequest): HttpRequest {
  const parameters = [...new URLSearchParams(request.query)];
  const names = parameters.map(([name]) => name);
  if (!names.includes('Action') || !names.includes('Version') || request.body.length > 0) return request;
  const own = parameters.filter(([name]) => !name.startsWith('X-Amz-'));
  const headers = request.headers.filter(([name]) => name !== 'content-type');
  const body = Buffer.from(new URLSearchParams(own).toString());
  return { ...request, method: 'POST', query: '', headers: [...headers, ['content-type', FORM]], body };
}

/** An operation as a request names it. */
interface OperationOf {
  readonly operation?: string | undefined;
  readonly input: JsonObject;
  /** Whether its body is no JSON object. */
  readonly malformed?: boolean;
}

/** The operation and its parameters, for the protocols that name it: JSON, query, and CBOR. */
export function operationOf(request: HttpRequest): OperationOf {
  const target = header(request, 'x-amz-target');
  if (target !== undefined) {
    const body = parseJson(request.body.toString() || '{}');
    const operation = target.split('.').at(-1) ?? target;
    return isRecord(body) ? { operation, input: body } : { operation, input: {}, malformed: true };
  }
  if (header(request, 'content-type')?.startsWith(FORM)) {
    const input = Object.fromEntries(new URLSearchParams(request.body.toString()));
    return { operation: input.Action, input };
  }
  const cbor = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(request.path);
  return { operation: cbor?.[1], input: {} };
}
