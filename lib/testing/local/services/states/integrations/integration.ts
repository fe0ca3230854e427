import type { IntegrationCall } from '../../../../../core/asl/task';
import type { HttpResponse } from '../../../kernel/call';
import type { Forwarded } from '../../../kernel/forward';
import type { JsonObject } from '../../../kernel/json';
import { StateFailure } from '../engine/failure';

/** How tasks call a service of the run. */
export interface Integration {
  /** The service as the SDK signs for it. */
  readonly service: string;
  /** The request that Step Functions sends. */
  request(api: string, parameters: JsonObject, caller: IntegrationCaller): Forwarded;
  /**
   * The task result of a response.
   * @throws StateFailure when the response contains a failure
   */
  answer(api: string, response: HttpResponse): unknown;
  /** The task failure for a service error. */
  failure(error: ServiceError): StateFailure;
}

/** The caller, which some services receive. */
export interface IntegrationCaller {
  readonly execution: string;
  readonly machine: string;
}

/** An error response of a service. */
export interface ServiceError {
  /** Its code: `ResourceNotFoundException`. */
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** The id of the request. */
  readonly requestId: string;
}

/** The resource of a task for messages: `arn:aws:states:::sqs:sendMessage`. */
export function resourceOf({ service, api, sdk }: IntegrationCall): string {
  return `arn:aws:states:::${sdk ? 'aws-sdk:' : ''}${service}:${api}`;
}

/** Worded like the AWS SDK for Java 2.x, which `aws-sdk` integrations use. */
export function sdkFailure(prefix: string, error: string, { message, status, requestId }: ServiceError): StateFailure {
  return new StateFailure(
    `${prefix}.${error}`,
    `${message} (Service: ${prefix}, Status Code: ${status}, Request ID: ${requestId})`,
  );
}

/** Worded like the AWS SDK for Java 1.x, which optimised integrations use. */
export function optimisedFailure(
  name: string,
  service: string,
  { code, message, status, requestId }: ServiceError,
): StateFailure {
  const said = `Service: ${service}; Status Code: ${status}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null`;
  return new StateFailure(name, `${message} (${said})`);
}

/** Adds the metadata of optimised integrations to a response. */
export function withMetadata(body: JsonObject, { status, headers = {} }: HttpResponse): JsonObject {
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

/** The request id in the response headers. */
export function requestIdOf({ headers = {} }: HttpResponse): string {
  return [headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] ?? ''].flat()[0] ?? '';
}
