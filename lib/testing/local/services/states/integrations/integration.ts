import type { IntegrationCall } from '../../../../../core/asl/task';
import type { HttpResponse } from '../../../kernel/call';
import type { Forwarded } from '../../../kernel/forward';
import type { JsonRecord } from '../../../kernel/json';
import { StateFailure } from '../engine/failure';

/** How a task calls one service of the run. */
export interface Integration {
  /** The service as the SDK signs for it. */
  readonly service: string;
  /** The request that Step Functions sends. */
  request(api: string, parameters: JsonRecord, caller: IntegrationCaller): Forwarded;
  /**
   * What the task gets of an answer.
   * @throws StateFailure when the answer is a failure after all
   */
  answer(api: string, response: HttpResponse): unknown;
  /** What the task fails with. */
  failure(error: ServiceError): StateFailure;
}

/** Who calls, as some services are told. */
export interface IntegrationCaller {
  readonly execution: string;
  readonly machine: string;
}

/** An error that a service answered with. */
export interface ServiceError {
  /** Its code: `ResourceNotFoundException`. */
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** The id of the request. */
  readonly requestId: string;
}

/** What a task calls: `arn:aws:states:::sqs:sendMessage`, for messages. */
export function resourceOf({ service, api, sdk }: IntegrationCall): string {
  return `arn:aws:states:::${sdk ? 'aws-sdk:' : ''}${service}:${api}`;
}

/** As the newer of the SDKs of Java words it, which `aws-sdk` integrations have. */
export function sdkFailure(prefix: string, error: string, { message, status, requestId }: ServiceError): StateFailure {
  return new StateFailure(
    `${prefix}.${error}`,
    `${message} (Service: ${prefix}, Status Code: ${status}, Request ID: ${requestId})`,
  );
}

/** As the older of the SDKs of Java words it, which optimised integrations have. */
export function optimisedFailure(
  name: string,
  service: string,
  { code, message, status, requestId }: ServiceError,
): StateFailure {
  const said = `Service: ${service}; Status Code: ${status}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null`;
  return new StateFailure(name, `${message} (${said})`);
}

/** What optimised integrations add to an answer. */
export function withMetadata(body: JsonRecord, { status, headers = {} }: HttpResponse): JsonRecord {
  const all = Object.entries(headers).map(([name, value]) => [name, [value].flat()] as const);
  return {
    ...body,
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(all),
      HttpHeaders: Object.fromEntries(all.map(([name, [value]]) => [name, value] as const)),
      HttpStatusCode: status,
    },
    SdkResponseMetadata: { RequestId: requestIdOf({ status, headers }) },
  };
}

/** The id of a request, of the headers of its answer. */
export function requestIdOf({ headers = {} }: HttpResponse): string {
  return [headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] ?? ''].flat()[0] ?? '';
}
