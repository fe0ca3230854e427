import type { HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import type { LocalContext } from '../../kernel/service';

/** A request that an API of this run cannot answer. */
export interface NotRun {
  /** `GET /orders/{id}`. */
  readonly operation: string;
  /** The reason. */
  readonly reason: string;
  readonly requestId: string;
}

/**
 * Answers with 501 on this run's behalf, bypassing the API's own responses; logged, and listed among unsupported calls.
 */
export function notRunAnswer(
  context: LocalContext,
  api: Deployed,
  { operation, reason, requestId }: NotRun,
): HttpResponse {
  context.logs.write(api.displayName, `ERROR ${operation}: the local run cannot do this: ${reason}`, requestId);
  context.notServed({ caller: api.displayName, service: 'execute-api', operation });
  return {
    status: 501,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'LocalRunUnsupported' },
    body: JSON.stringify({ message: `Lintel's local run cannot do this: ${reason}` }),
  };
}
