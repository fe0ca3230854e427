import { type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { ordersApi } from '../../../../examples/edge/orders/orders-api';
import { Issuer } from '../../issuer';
import { Customer, ordersContract, type OrdersService, TEA } from '../../orders-contract';
import { inDirectory } from '../in-directory';

const issuer = new Issuer('https://login.example.com');
let run: EdgeRun;

beforeAll(async () => {
  await issuer.rotate('first');
  run = await inDirectory('examples/edge/orders', () =>
    runEdgeLocally(ordersApi, {
      config: { 'cloudflare:accountId': 'account' },
      outbound: async (request) => (await issuer.answer(request)) ?? new Response('nothing else', { status: 404 }),
    }),
  );
});
afterAll(() => run.stop());

const service: OrdersService = {
  fetch: (route, request) => run.worker('gate').fetch(`https://shop.example.com${route}`, request),
  token: (sub) => issuer.token({ sub }),
  ship: async (id) => void (await run.database('db').query("UPDATE orders SET status = 'shipped' WHERE id = ?", id)),
};

describe('the twin on the edge', () => {
  ordersContract(() => service);

  test('stores one order for a hasty customer', async () => {
    const eve = new Customer(service, 'eve');
    const answers = await Promise.all(Array.from({ length: 8 }, () => eve.place('hasty', TEA)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const [{ n }] = (await run.database('db').query("SELECT count(*) AS n FROM orders WHERE customer_id = 'eve'")) as [
      { n: number },
    ];
    expect(n).toBe(1);
  });

  test('believes nobody who says who they are', async () => {
    await new Customer(service, 'victim').place('mine', TEA);
    const headers = { authorization: `Bearer ${await issuer.token({ sub: 'mallory' })}`, 'x-auth-subject': 'victim' };
    expect(await (await service.fetch('/orders', { headers })).json()).toEqual({ orders: [] });
  });

  test('knows customers with any name', async () => {
    const zoe = new Customer(service, 'Zoë & Söhne');
    expect((await zoe.place('umlaut', TEA)).body.customerId).toBe('Zoë & Söhne');
  });
});
