import { lambda } from '../../../../../core/facts';
import { isRecord, parseJson, text } from '../../../kernel/json';
import type { ErrorObject } from './wire';

/** What an invocation answers: how its execution ended, or that it waits for operations. */
export type InvocationAnswer =
  | { readonly status: 'SUCCEEDED'; readonly result: string | undefined }
  | { readonly status: 'FAILED'; readonly error: ErrorObject }
  | { readonly status: 'PENDING' };

/** The answer in the payload of an invocation that returned. */
export function answerIn(payload: string): InvocationAnswer {
  const answer = parseJson(payload);
  const { Status: status, Result: given, Error: error } = isRecord(answer) ? answer : {};
  if (status === 'FAILED') return { status, error: isRecord(error) ? error : {} };
  if (status === 'PENDING') return { status };
  if (status !== 'SUCCEEDED') return invalidAnswer('Invalid Status in invocation output.');
  const most = lambda.asynchronousPayload.value;
  const result = text(given);
  return Buffer.byteLength(result ?? '') > most
    ? invalidAnswer(`Execution output payload size must be less than or equal to ${most} bytes.`)
    : { status, result };
}

/** What Lambda makes of an answer that it does not accept. */
export function invalidAnswer(message: string): InvocationAnswer & { readonly status: 'FAILED' } {
  return { status: 'FAILED', error: { ErrorType: 'InvalidParameterValueException', ErrorMessage: message } };
}

/** The error in the payload of an invocation that failed. */
export function errorObjectIn(payload: string): ErrorObject {
  const error = parseJson(payload);
  const { errorType, errorMessage, trace, stackTrace = trace } = isRecord(error) ? error : {};
  return {
    ...(typeof errorType === 'string' && { ErrorType: errorType }),
    ErrorMessage: text(errorMessage) ?? payload,
    ...(Array.isArray(stackTrace) && { StackTrace: stackTrace.map(String) }),
  };
}
