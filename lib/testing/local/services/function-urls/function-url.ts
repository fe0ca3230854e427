import { randomUUID } from 'node:crypto';
import { lambda } from '../../../../core/facts';
import { authenticate } from '../../kernel/authenticate';
import { AwsError } from '../../kernel/aws-errors';
import { header, type HttpRequest, type HttpResponse } from '../../kernel/call';
import type { Caller } from '../../kernel/caller';
import type { Deployed } from '../../kernel/deployment';
import { type HttpServer, serveHttp } from '../../kernel/http-server';
import { isRecord, text } from '../../kernel/json';
import type { Need } from '../../kernel/judge';
import { withRequestLog } from '../../kernel/request-log';
import type { LocalContext } from '../../kernel/service';
import { readSignature } from '../../kernel/sigv4';
import { newTrace, traceOfInvocation } from '../../kernel/trace';
import { CANNOT_RUN, type FunctionError, ThrottledError } from '../../lambda/function-errors';
import { notRunAnswer } from '../api-gateway/not-run-answer';
import type { FunctionTarget } from '../../lambda/functions';
import type { InvokeOptions } from '../../lambda/lambda-function';
import { answerV2 } from '../api-gateway/answers';
import type { ApiRequest } from '../api-gateway/api-request';
import { Cors } from '../api-gateway/cors';
import { eventV2 } from '../api-gateway/event-v2';
import { httpHead } from './http-head';

const FORBIDDEN =
  'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html';

/** The URL of a function, on its own port. */
export class FunctionUrl {
  private readonly cors: Cors | undefined;
  private readonly target: FunctionTarget | undefined;
  private server: HttpServer | undefined;

  /** The URL as it would be deployed. */
  constructor(
    private readonly context: LocalContext,
    private readonly deployed: Deployed,
  ) {
    const { Cors: cors, TargetFunctionArn, Qualifier } = deployed.properties;
    this.cors = isRecord(cors) ? new Cors({ ...cors, AllowMethods: cors.AllowMethods ?? ['*'] }) : undefined;
    this.target = context.functions.target(text(TargetFunctionArn) ?? '', text(Qualifier));
  }

  /** Opens the port, and returns the address. */
  async start(port: number): Promise<string> {
    if (!this.target) {
      const reason = `its function '${text(this.deployed.properties.TargetFunctionArn)}' is in no template`;
      this.context.unsupported({ resource: this.deployed.displayName, type: this.deployed.type, reason });
    }
    const answer = (request: HttpRequest) => this.answer(request);
    this.server = await serveHttp(port, withRequestLog(this.context.logs, this.deployed.displayName, answer));
    const address = text(this.deployed.attribute('FunctionUrl'));
    if (address !== undefined) this.context.rewrite(address.replace(/\/$/, ''), this.server.url);
    return this.server.url;
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  private async answer(http: HttpRequest): Promise<HttpResponse> {
    if (this.cors?.isPreflight(http)) return this.cors.apply(http, { status: 200 });
    const response = await this.invoke(http);
    return this.cors?.apply(http, response) ?? response;
  }

  private async invoke(http: HttpRequest): Promise<HttpResponse> {
    const { target } = this;
    if (!target) return said(404, 'Not Found');
    const verdict = this.authorize(http, target);
    if ('status' in verdict) return verdict;
    const request = this.request(http);
    const event = JSON.stringify(this.event(request, verdict.caller));
    const options = { traceId: traceOfInvocation(request.traceId) };
    if (Buffer.byteLength(event) > lambda.synchronousPayload.value) return said(413, 'Request Entity Too Large');
    try {
      return await (this.deployed.properties.InvokeMode === 'RESPONSE_STREAM'
        ? this.stream(target, event, options)
        : this.buffer(target, event, options));
    } catch (error) {
      if (!(error instanceof ThrottledError)) throw error;
      return said(429, error.message);
    }
  }

  private async buffer(target: FunctionTarget, event: string, options: InvokeOptions): Promise<HttpResponse> {
    const { payload, error, requestId } = await this.context.functions.invoke(target, event, options);
    if (error) return this.functionFailed(error, requestId);
    const answer = answerV2(payload);
    return 'invalid' in answer
      ? this.failed(`the function's result is not a response: ${answer.invalid}`, requestId)
      : answer;
  }

  private async stream(target: FunctionTarget, event: string, options: InvokeOptions): Promise<HttpResponse> {
    const { body, contentType, metadata, noMetadata, error, requestId } = await this.context.functions.invokeStreaming(
      target,
      event,
      options,
    );
    if (error) return this.functionFailed(error, requestId);
    if (noMetadata !== undefined) return this.failed(`there is no metadata: ${noMetadata}`, requestId);
    const head = httpHead(metadata, contentType);
    return 'invalid' in head
      ? this.failed(`the metadata is not a response: ${head.invalid}`, requestId)
      : { ...head, stream: body };
  }

  private functionFailed({ errorType, message }: FunctionError, requestId: string): HttpResponse {
    if (errorType !== CANNOT_RUN) return this.failed(`the function failed: ${message}`, requestId);
    return notRunAnswer(this.context, this.deployed, { operation: 'InvokeFunctionUrl', reason: message, requestId });
  }

  /** Details that the client does not see. */
  private failed(why: string, requestId: string): HttpResponse {
    this.context.logs.write(this.deployed.displayName, `ERROR 502: ${why}`, requestId);
    return { status: 502, headers: { 'content-type': 'text/plain' }, body: 'Internal Server Error' };
  }

  /** The caller, or a refusal. */
  private authorize(http: HttpRequest, target: FunctionTarget): { readonly caller?: Caller } | HttpResponse {
    const type = text(this.deployed.properties.AuthType) ?? 'NONE';
    const needs: readonly Need[] = [
      { action: 'lambda:InvokeFunctionUrl', resource: target.arn, context: { 'lambda:FunctionUrlAuthType': type } },
      { action: 'lambda:InvokeFunction', resource: target.arn, context: { 'lambda:InvokedViaFunctionUrl': true } },
    ];
    const { access } = this.context;
    if (type === 'NONE') {
      const refused = needs.find((need) => !access.servicePermitted('anonymous', need, this.deployed.arn));
      return refused ? this.forbidden(`no AWS::Lambda::Permission allows anyone ${refused.action}`) : {};
    }
    if (!readSignature(http)) return this.forbidden('the request is not signed');
    try {
      const caller = authenticate(http, 'rest-json', (key) => this.context.callerOf(key));
      const denial = access.refusal(caller, needs);
      return denial ? this.forbidden(denial.message) : { caller };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return said(error.status, error.message);
    }
  }

  private forbidden(why: string): HttpResponse {
    this.context.logs.write(this.deployed.displayName, `ERROR 403: ${why}`);
    return said(403, FORBIDDEN);
  }

  private request(http: HttpRequest): ApiRequest {
    const address = text(this.deployed.attribute('FunctionUrl')) ?? '';
    return {
      http,
      path: http.path,
      fullPath: http.path,
      stage: '$default',
      requestId: randomUUID(),
      traceId: newTrace(),
      time: new Date(),
      accountId: this.deployed.account,
      apiId: /^https:\/\/([^.]+)\./.exec(address)?.[1] ?? '',
      domainName: (header(http, 'host') ?? '').replace(/:\d+$/, ''),
    };
  }

  private event(request: ApiRequest, caller: Caller | undefined): Record<string, unknown> {
    const event = eventV2(request, {
      routeKey: '$default',
      parameters: {},
      ...(caller && { authorizer: { iam: iamOf(caller, request.accountId) } }),
    });
    const { path } = request;
    // Unlike an API, a URL leaves the path encoded.
    const { http: said, ...others } = event.requestContext as { readonly http: object };
    return { ...event, rawPath: path, requestContext: { ...others, http: { ...said, path } } };
  }
}

function iamOf({ accessKeyId, arn }: Caller, accountId: string): object {
  const userId = `${accessKeyId}:${arn.split('/').at(-1)}`;
  const unknown = { cognitoIdentity: null, principalOrgId: null };
  return { accessKey: accessKeyId, accountId, callerId: userId, ...unknown, userArn: arn, userId };
}

/** In the format of Lambda's own errors. */
function said(status: number, message: string): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ Message: message }) };
}
