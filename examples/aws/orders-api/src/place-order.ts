import { randomUUID } from 'node:crypto';
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  IdempotencyValidationError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { bodyOf, customerOf, handle, logger, respond } from './http';
import { insert } from './order-table';
import { linesOf, type Order, OrderError, type OrderLine, place } from './orders';

interface Request {
  readonly customerId: string;
  readonly key: string;
  readonly lines: OrderLine[];
}

const config = new IdempotencyConfig({
  eventKeyJmesPath: '[customerId, key]',
  payloadValidationJmesPath: 'lines',
  throwOnNoIdempotencyKey: true,
});

/** Places an order once per customer and key, however often a client or a network repeats the request. */
const placeOnce = makeIdempotent(
  async ({ customerId, lines }: Request): Promise<Order> => {
    const order = place(randomUUID(), customerId, lines, new Date());
    await insert(order);
    logger.info('Order placed', { orderId: order.id, lines: lines.length });
    return order;
  },
  { config, persistenceStore: new DynamoDBPersistenceLayer({ tableName: String(process.env.REQUESTS) }) },
);

export const handler = handle(async (event, context) => {
  config.registerLambdaContext(context);
  const key = event.headers['idempotency-key'];
  if (!key) throw new OrderError('invalid', ["the header 'Idempotency-Key' must tell this order from others"]);
  const request = { customerId: customerOf(event), key, lines: linesOf(bodyOf(event)) };
  try {
    return respond(201, await placeOnce(request));
  } catch (error) {
    throw refusal(error) ?? error;
  }
});

function refusal(error: unknown): OrderError | undefined {
  if (error instanceof IdempotencyValidationError) {
    return new OrderError('conflict', ["the 'Idempotency-Key' was used for another order"]);
  }
  if (error instanceof IdempotencyAlreadyInProgressError) {
    return new OrderError('conflict', ['the same order is being placed; repeat the request']);
  }
  return undefined;
}
