import { Logger } from '@aws-lambda-powertools/logger';
import type {
  APIGatewayProxyEventV2WithJWTAuthorizer as Event,
  APIGatewayProxyStructuredResultV2 as Result,
  Context,
} from 'aws-lambda';
import { OrderError } from './orders';

export type { Context, Event, Result };

export const logger = new Logger();

const STATUS = { invalid: 400, unknown: 404, conflict: 409 } as const;

/**
 * A handler that answers what the caller did wrong, and logs what we did wrong: an unexpected error is thrown on, so
 * that API Gateway answers 500 and the function's error metric counts it.
 */
export function handle(serve: (event: Event, context: Context) => Promise<Result>) {
  return async (event: Event, context: Context): Promise<Result> => {
    logger.addContext(context);
    try {
      return await serve(event, context);
    } catch (error) {
      if (!(error instanceof OrderError)) {
        logger.error('The request failed', { error });
        throw error;
      }
      logger.info('The request was refused', { problems: error.problems });
      return respond(STATUS[error.kind], { problems: error.problems });
    }
  };
}

export function respond(statusCode: number, body: unknown): Result {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Who calls: the subject of the verified token. */
export function customerOf(event: Event): string {
  return String(event.requestContext.authorizer.jwt.claims.sub);
}

/** The id in the path of the route. */
export function orderIdOf(event: Event): string {
  return event.pathParameters?.id ?? '';
}

/**
 * The body as JSON.
 * @throws OrderError when it is none
 */
export function bodyOf({ body = '', isBase64Encoded }: Event): unknown {
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body);
  } catch {
    throw new OrderError('invalid', ['the body must be JSON']);
  }
}
