import type { HttpResponse } from '../../../kernel/call';
import type { Forwarded } from '../../../kernel/forward';
import { type JsonObject, parseJson, recordOf, text } from '../../../kernel/json';
import { StateFailure } from '../engine/failure';
import { type Integration, optimisedFailure, sdkFailure, withMetadata } from './integration';
import { asText } from './optimised';

const INVOCATIONS = '/2015-03-31/functions';

/** `arn:aws:states:::lambda:invoke`: the handler's response is parsed, and its error fails the task. */
export const lambdaInvoke: Integration = {
  service: 'lambda',
  request: (_, parameters) => invocation(parameters, JSON.stringify(parameters.Payload ?? {})),
  answer: (_, response) => {
    const Payload = handlerAnswer(response);
    const asynchronous = Payload === undefined;
    return withMetadata(
      {
        ...(!asynchronous && { ExecutedVersion: headerOf(response, 'x-amz-executed-version') ?? '$LATEST', Payload }),
        StatusCode: response.status,
      },
      response,
    );
  },
  failure: (error) => {
    const modelled = !['AccessDeniedException', 'ValidationException'].includes(error.code);
    return optimisedFailure(`Lambda.${modelled ? error.code : 'AWSLambdaException'}`, 'AWSLambda', error);
  },
};

/** A function named by its ARN: the handler's response is the task's result. */
export const lambdaFunction: Integration = {
  ...lambdaInvoke,
  request: (_, parameters) => invocation(parameters, JSON.stringify(parameters.Payload ?? null)),
  answer: (_, response) => handlerAnswer(response),
};

/** `arn:aws:states:::aws-sdk:lambda:invoke`: the payload is text, and a handler error does not fail the task. */
export const lambdaSdk: Integration = {
  service: 'lambda',
  request: (_, parameters) => invocation(parameters, asText(parameters.Payload ?? '')),
  answer: (_, response) => {
    const failed = headerOf(response, 'x-amz-function-error');
    return {
      StatusCode: response.status,
      ...(failed !== undefined && { FunctionError: failed }),
      ExecutedVersion: headerOf(response, 'x-amz-executed-version') ?? '$LATEST',
      Payload: String(response.body ?? ''),
    };
  },
  failure: (error) => {
    const modelled = !['AccessDeniedException', 'ValidationException'].includes(error.code);
    return sdkFailure('Lambda', modelled ? error.code : 'LambdaException', error);
  },
};

function invocation(parameters: JsonObject, body: string): Forwarded {
  const type = text(parameters.InvocationType);
  const context = text(parameters.ClientContext);
  const qualifier = text(parameters.Qualifier);
  return {
    method: 'POST',
    path: `${INVOCATIONS}/${encodeURIComponent(text(parameters.FunctionName) ?? '')}/invocations`,
    query: qualifier === undefined ? '' : `Qualifier=${encodeURIComponent(qualifier)}`,
    headers: [
      ['content-type', 'application/json'],
      ...(type === undefined ? [] : [['x-amz-invocation-type', type] as const]),
      ...(context === undefined ? [] : [['x-amz-client-context', context] as const]),
    ],
    body: Buffer.from(body),
  };
}

/**
 * The handler's response; undefined for an asynchronous invocation.
 * @throws StateFailure with the name of the handler's error
 */
function handlerAnswer(response: HttpResponse): unknown {
  const body = String(response.body ?? '');
  if (headerOf(response, 'x-amz-function-error') !== undefined) {
    throw new StateFailure(text(recordOf(parseJson(body)).errorType) ?? 'Lambda.Unknown', body);
  }
  if (response.status === 202 || response.status === 204) return undefined;
  return body === '' ? null : parseJson(body);
}

function headerOf({ headers = {} }: HttpResponse, name: string): string | undefined {
  return [headers[name]].flat()[0];
}
