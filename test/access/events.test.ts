import { App } from 'aws-cdk-lib';
import { eventsMermaid, flowOf, read } from 'lintel/access';
import { main } from '../../lib/cli/main';
import { shopOf } from '../../examples/aws/order-choreography/shop';
import { modelOf, type Resources } from '../rules/rules/faults';
import { choreography } from '../rules/rules/events/choreography';

let directory: string;
beforeAll(() => {
  const app = new App({ builtinCloudFormationValidation: false, context: { 'aws:cdk:bundling-stacks': [] } });
  shopOf(app);
  ({ directory } = app.synth());
});

async function lintel(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const io = { out: (text: string) => (out += text), note: () => undefined, colour: false, columns: 100 };
  return { code: await main(['access', ...argv], io), out };
}

test('says over five stacks who tells whom what, and that nothing goes round', () => {
  const { buses, publishers, subscriptions, loops } = flowOf(read(directory));
  expect(buses).toEqual(['Events/Shop/Bus']);
  expect(publishers.find(({ publisher }) => publisher === 'Orders/PlaceOrder')).toEqual({
    publisher: 'Orders/PlaceOrder',
    bus: 'Events/Shop/Bus',
    sources: ['shop.orders'],
    types: ['OrderPlaced'],
    heardBy: ['Payments/Charges/Rule', 'Stock/Reservations/Rule'],
  });
  expect(subscriptions.find(({ rule }) => rule === 'Payments/Charges/Rule')).toEqual({
    rule: 'Payments/Charges/Rule',
    bus: 'Events/Shop/Bus',
    types: ['OrderPlaced'],
    subscribers: ['Payments/Charges/Worker/Handler'],
    forwardsTo: [],
    others: [],
  });
  expect(loops).toEqual([]);
});

test('prints it as text, as JSON, and as a diagram in Markdown', async () => {
  const { code, out } = await lintel('--events', directory);
  expect(code).toBe(0);
  expect(out).toMatch(/^bus Events\/Shop\/Bus\n/);
  expect(out).toMatch(/ {2}Orders\/PlaceOrder +says +OrderPlaced of shop\.orders\n/);
  expect(out).toMatch(
    / {2}Letters\/Notices\/Rule +takes +OrderConfirmed, OrderCancelled, PaymentRefunded:\s+Letters\/Notices\/Handler/,
  );
  const json = JSON.parse((await lintel('--events', '--json', directory)).out) as { version: number; loops: string[] };
  expect([json.version, json.loops]).toEqual([1, []]);
  const markdown = (await lintel('--events', '--markdown', directory)).out;
  expect(markdown).toContain('```mermaid\nflowchart LR\n');
  expect(markdown).toMatch(/n\d+ -- "OrderPlaced of shop\.orders" --> n\d+/);
});

test('names a round in which events may go, of anybody’s template, and who is heard by nobody', () => {
  const flow = flowOf(modelOf(choreography));
  expect(flow.publishers.find(({ publisher }) => publisher === 'Shop/Billing')).toMatchObject({
    types: ['InvoiceSent'],
    heardBy: [],
  });
  const paid = JSON.parse(
    JSON.stringify(choreography).replace('"events:detail-type":["InvoiceSent"]', '"events:x":[]'),
  ) as Resources;
  const closed = flowOf(modelOf(paid));
  expect(closed.loops).toEqual(['Shop/Orders -> Shop/Billing -> Shop/Orders']);
  expect(eventsMermaid(closed)).toContain('"anything of billing"');
});
