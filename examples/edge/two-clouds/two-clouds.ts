import type { Input } from '@pulumi/pulumi';
import { EdgeApi, EdgeDatabase, EdgeHub } from 'lintel/edge';
import { CdkStack } from 'lintel/pulumi';
import { PaymentsStack } from './payments-stack';

/** Where AWS posts its events to. */
const EVENTS = { hostname: 'events.example.com', zoneId: '023e105f4ecef8ad9ca31a8372d0c353' };

/**
 * A shop on two clouds: orders are placed and kept at the edge, payments are taken on AWS. Neither side knows the other's services;
 * each passes its own events on, signed, and takes those of the other.
 * @param key that both sides sign with
 */
export function twoClouds(key: Input<string>) {
  const payments = new CdkStack('payments', {
    stack: (app, props) => new PaymentsStack(app, 'Payments', { ...props, edge: `https://${EVENTS.hostname}/` }),
  });

  const db = new EdgeDatabase('db', { migrations: 'migrations' });
  const hub = new EdgeHub('shop');

  new EdgeApi('api', {
    handler: 'workers/api.ts',
    access: { DB: db.readWrite(), HUB: hub.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) },
  });
  hub.subscribe('orders', { types: ['PaymentTaken'], handler: 'workers/orders.ts', access: { DB: db.readWrite() } });
  hub.subscribe('totals', {
    types: ['OrderPlaced'],
    detail: { data: { total: [{ numeric: ['>', 0] }] } },
    handler: 'workers/totals.ts',
    access: { DB: db.readWrite() },
  });

  const toAws = hub.forwardTo('to-aws', { source: 'shop.orders', to: payments.output('Webhook'), secret: key });
  hub.acceptFrom('from-aws', { source: 'shop.payments', types: ['PaymentTaken'], secret: key, domain: EVENTS });

  return { events: `https://${EVENTS.hostname}/`, deadLetters: toAws.deadLetterQueue.queueName };
}
