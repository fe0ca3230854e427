import type { Order } from '../../examples/aws/orders-api/src/orders';

/** What an answer of the API holds. */
export interface Answer {
  readonly status: number;
  readonly body: Order & { readonly orders?: Order[]; readonly problems?: string[] };
}

/** An orders API that runs, wherever and behind whatever. */
export interface OrdersService {
  /** Sends a request to a path. */
  fetch(path: string, request?: RequestInit): Promise<Response>;
  /** A token of a customer. */
  token(customer: string): string | Promise<string>;
  /** Marks an order as shipped, as another part of the shop does. */
  ship(id: string): Promise<void>;
}

export const TEA = [{ sku: 'tea', quantity: 2 }];

/** A customer with a token of the issuer. */
export class Customer {
  constructor(
    private readonly service: OrdersService,
    private readonly name: string,
  ) {}

  place(key: string | undefined, lines: unknown, body = JSON.stringify({ lines })): Promise<Answer> {
    return this.send('POST', '/orders', body, key === undefined ? {} : { 'idempotency-key': key });
  }

  get = (id: string) => this.send('GET', `/orders/${id}`);
  list = () => this.send('GET', '/orders');
  cancel = (id: string) => this.send('POST', `/orders/${id}/cancel`);

  private async send(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const authorization = `Bearer ${await this.service.token(this.name)}`;
    const response = await this.service.fetch(path, { method, body, headers: { ...headers, authorization } });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }
}

/** What customers of any orders API may rely on. */
export function ordersContract(service: () => OrdersService): void {
  const customer = (name: string) => new Customer(service(), name);

  test('customers place an order, read it, list it with others, the newest first', async () => {
    const ann = customer('ann');
    const first = await ann.place('first', TEA);
    const second = await ann.place('second', [{ sku: 'milk', quantity: 1 }]);
    expect(first).toMatchObject({ status: 201, body: { customerId: 'ann', status: 'placed', lines: TEA } });
    expect(await ann.get(first.body.id)).toEqual({ status: 200, body: first.body });
    expect(await ann.list()).toEqual({ status: 200, body: { orders: [second.body, first.body] } });
  });

  test('customers get one order for one key, however often and however fast they repeat the request', async () => {
    const bob = customer('bob');
    const first = await bob.place('again', TEA);
    expect(await bob.place('again', TEA)).toEqual(first);
    const hasty = await Promise.all(Array.from({ length: 4 }, () => bob.place('hasty', TEA)));
    expect(hasty.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect((await bob.list()).body.orders).toHaveLength(2);
  });

  test('customers share no keys with each other', async () => {
    const placed = [await customer('one').place('same', TEA), await customer('other').place('same', TEA)];
    expect(placed.map(({ status }) => status)).toEqual([201, 201]);
    expect(placed[0]!.body.id).not.toBe(placed[1]!.body.id);
  });

  test('refuses the key of another order, no key, and a body that is no order', async () => {
    const ann = customer('ann');
    await ann.place('tea', TEA);
    const problems = ["the 'Idempotency-Key' was used for another order"];
    expect(await ann.place('tea', [{ sku: 'milk', quantity: 1 }])).toEqual({ status: 409, body: { problems } });
    expect(await ann.place(undefined, TEA)).toMatchObject({ status: 400 });
    expect(await ann.place('bad', [{ sku: '', quantity: 0 }])).toMatchObject({
      status: 400,
      body: { problems: ["line 1: 'sku' must name an article", expect.stringContaining("line 1: 'quantity'")] },
    });
    expect(await ann.place('text', TEA, 'no json')).toMatchObject({
      status: 400,
      body: { problems: ['the body must be JSON'] },
    });
  });

  test('refuses who has no token, and hides orders of others', async () => {
    const [ann, mallory] = [customer('ann'), customer('mallory')];
    const { body } = await ann.place('mine', TEA);
    expect((await service().fetch(`/orders/${body.id}`)).status).toBe(401);
    expect([(await mallory.get(body.id)).status, (await mallory.cancel(body.id)).status]).toEqual([404, 404]);
    expect((await mallory.list()).body.orders).toEqual([]);
    expect((await ann.get(body.id)).body.status).toBe('placed');
  });

  test('customers cancel an order, also twice, but not on its way', async () => {
    const ann = customer('ann');
    const { body } = await ann.place('cancel', TEA);
    const cancelled = { status: 200, body: { ...body, status: 'cancelled' } };
    expect([await ann.cancel(body.id), await ann.cancel(body.id)]).toEqual([cancelled, cancelled]);
    expect(await ann.get(body.id)).toEqual(cancelled);

    const { id } = (await ann.place('shipped', TEA)).body;
    await service().ship(id);
    expect(await ann.cancel(id)).toEqual({ status: 409, body: { problems: ['a shipped order cannot be cancelled'] } });
  });
}
