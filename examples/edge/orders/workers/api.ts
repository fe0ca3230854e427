import { cancel, linesOf, OrderError, ownedBy, place } from '../../../aws/orders-api/src/orders';
import { OrderStore } from './order-store';

interface Env {
  readonly DB: D1Database;
}

const STATUS = { invalid: 400, unknown: 404, conflict: 409 } as const;
const LATEST = 20;

/** Answers what the caller did wrong with its reasons; what we did wrong is thrown on, logged and answered 500. */
export default {
  async fetch(request, { DB }) {
    try {
      return await serve(request, new OrderStore(DB));
    } catch (error) {
      if (!(error instanceof OrderError)) throw error;
      return Response.json({ problems: error.problems }, { status: STATUS[error.kind] });
    }
  },
} satisfies ExportedHandler<Env>;

async function serve(request: Request, orders: OrderStore): Promise<Response> {
  // The gateway sets it from the verified token, and nobody else reaches this Worker.
  const customer = decodeURIComponent(request.headers.get('x-auth-subject') ?? '');
  const [, , id, action] = new URL(request.url).pathname.split('/');
  switch (`${request.method} ${route(request)}`) {
    case 'POST /orders': {
      const key = request.headers.get('idempotency-key');
      if (!key) throw new OrderError('invalid', ["the header 'Idempotency-Key' must tell this order from others"]);
      const order = place(crypto.randomUUID(), customer, linesOf(await bodyOf(request)), new Date());
      return Response.json(await orders.insertOnce(key, order), { status: 201 });
    }
    case 'GET /orders':
      return Response.json({ orders: await orders.listOf(customer, LATEST) });
    case 'GET /orders/{id}':
      return Response.json(ownedBy(customer, await orders.find(id!)));
    case 'POST /orders/{id}/cancel': {
      const order = ownedBy(customer, await orders.find(id!));
      const cancelled = cancel(order);
      await orders.changeStatus(cancelled, order.status);
      return Response.json(cancelled);
    }
    default:
      throw new OrderError('unknown', [action ? `there is no '${action}'` : 'there is no such page']);
  }
}

function route({ url }: Request): string {
  return new URL(url).pathname.replace(/^\/orders\/[^/]+/, '/orders/{id}');
}

async function bodyOf(request: Request): Promise<unknown> {
  return request.json().catch(() => {
    throw new OrderError('invalid', ['the body must be JSON']);
  });
}
