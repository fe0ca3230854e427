import { EdgeApi, EdgeDatabase, EdgeGateway } from 'lintel/edge';

/**
 * Customers place, read, list and cancel their own orders. The gateway checks who they are; the API behind it has no
 * address of its own, so what the gateway says of a customer can be believed.
 */
export function ordersApi() {
  const db = new EdgeDatabase('db', { migrations: 'migrations' });

  const api = new EdgeApi('api', {
    handler: 'workers/api.ts',
    access: { DB: db.readWrite() },
    workersDev: false,
  });

  const gate = new EdgeGateway('gate', {
    origin: api.call(),
    authorizer: { issuer: 'https://login.example.com', audience: ['shop'] },
  });

  return { gateway: gate.worker.script.scriptName };
}
