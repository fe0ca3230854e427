import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import { ConcurrencyError } from 'lintel/runtime';
import { Refused } from './order';

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A handler of a route: what the order refuses is 409, what is missing or wrong is told. */
export function handle(work: (event: APIGatewayProxyEventV2) => Promise<Answer>) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> => {
    const { status, body } = await work(event).catch((error: unknown): Answer => {
      if (error instanceof SyntaxError) return { status: 400, body: { error: 'the body is no JSON' } };
      if (error instanceof Refused) return { status: 409, body: { error: error.message } };
      if (error instanceof ConcurrencyError) return { status: 409, body: { error: 'the order changes; try again' } };
      throw error;
    });
    return { statusCode: status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  };
}
