import { App } from 'aws-cdk-lib';
import { eventsMermaid, flowOf, read } from 'lintel/access';
import { eventsText } from '../../lib/access/report/events';
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

test('shows across five stacks who publishes what to whom, and that there is no loop', () => {
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
  expect(out).toMatch(/ {2}Orders\/PlaceOrder +publishes +OrderPlaced from shop\.orders\n/);
  expect(out).toMatch(
    / {2}Letters\/Notices\/Rule +matches +OrderConfirmed, OrderCancelled, PaymentRefunded:\s+Letters\/Notices\/Handler/,
  );
  const json = JSON.parse((await lintel('--events', '--json', directory)).out) as { version: number; loops: string[] };
  expect([json.version, json.loops]).toEqual([1, []]);
  const markdown = (await lintel('--events', '--markdown', directory)).out;
  expect(markdown).toContain('```mermaid\nflowchart LR\n');
  expect(markdown).toMatch(/n\d+ -- "OrderPlaced from shop\.orders" --> n\d+/);
});

test('a name in the diagram is the text of a node, without an end, a line, HTML or Markdown', () => {
  const hostile = 'x"]\nclick n0 "https://evil" <img src=y> `z`';
  const flow = flowOf(modelOf({ [hostile]: { Type: 'AWS::Events::EventBus', Properties: { Name: hostile } } }));
  const [node] = eventsMermaid(flow)
    .split('\n')
    .filter((line) => line.includes('click'));
  expect(node).toMatch(/^ {2}n\d+\(\["[^"<>`]*"\]\)$/);
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
  expect(eventsMermaid(closed)).toContain('"anything from billing"');
});

test('whoever reads a stream by a consumer hears what a rule sends there', () => {
  const getAtt = (...path: string[]) => ({ 'Fn::GetAtt': path });
  const { subscriptions } = flowOf(
    modelOf({
      Clicks: { Type: 'AWS::Kinesis::Stream', Properties: {} },
      Fan: { Type: 'AWS::Kinesis::StreamConsumer', Properties: { StreamARN: getAtt('Clicks', 'Arn') } },
      Fn: { Type: 'AWS::Lambda::Function', Properties: {} },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: getAtt('Fan', 'ConsumerARN'), FunctionName: { Ref: 'Fn' } },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { source: ['a'] }, Targets: [{ Id: 'a', Arn: getAtt('Clicks', 'Arn') }] },
      },
    }),
  );
  expect(subscriptions.map(({ subscribers }) => subscribers)).toEqual([['Shop/Fn']]);
});

const OTHERS: Resources = {
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'coffee' } },
  Role: role('arn:aws:events:eu-west-1:111122223333:event-bus/coffee'),
  Orders: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
  Taken: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: 'coffee',
      EventPattern: { source: ['shop.orders'] },
      Targets: [
        { Id: 'a', Arn: { 'Fn::Sub': 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:elsewhere' } },
        { Id: 'b', Arn: { 'Fn::ImportValue': 'QueueArn' } },
        { Id: 'c', Arn: { 'Fn::Sub': 'arn:aws:events:us-east-1:${AWS::AccountId}:event-bus/far' } },
      ],
    },
  },
  RouteRole: role({ Ref: 'BusArn' }),
  Route: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { CredentialsArn: { 'Fn::GetAtt': ['RouteRole', 'Arn'] } },
  },
  Heard: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'BusName' },
      EventPattern: { source: ['x'] },
      Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Orders', 'Arn'] } }],
    },
  },
  Deployer: role('arn:aws:events:eu-west-1:111122223333:event-bus/default'),
  OfAws: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.ec2'] },
      Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Orders', 'Arn'] } }],
    },
  },
};

function role(resource: unknown): object {
  const Statement = [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: resource }];
  return {
    Type: 'AWS::IAM::Role',
    Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement } }] },
  };
}

test('knows a bus by its name, says what only a deployment knows, and leaves no publisher and no target out', () => {
  const flow = flowOf(modelOf(OTHERS, { BusArn: { Type: 'String' }, BusName: { Type: 'String' } }));
  const short = (name: string) => name.split('/').at(-1)!;
  expect(
    flow.publishers.map(({ publisher, bus, heardBy, open }) => [
      short(publisher),
      short(bus),
      heardBy.map(short),
      open === true,
    ]),
  ).toEqual([
    ['Deployer', 'default', [], false],
    ['Orders', 'Bus', ['Taken'], false],
    ['Route', '<BusArn>', [], true],
  ]);
  expect(flow.subscriptions.map(({ rule, bus }) => [short(rule), short(bus)])).toEqual([
    ['Heard', '<BusName>'],
    ['OfAws', 'default'],
    ['Taken', 'Bus'],
  ]);
  const [, , taken] = flow.subscriptions;
  expect(taken).toMatchObject({
    others: ['<the import QueueArn>', 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:elsewhere'],
    forwardsTo: ['far'],
  });
  const text = eventsText(flow, { width: 120, colour: false });
  expect(text).toMatch(/Route +publishes +anything, to subscribers known only at deployment/);
  expect(text).toMatch(/Deployer +publishes +anything, without a subscriber/);
});

test('a round of seven services is found and named, in the order in which events go', () => {
  const services = Array.from({ length: 7 }, (_, index): [string, object][] => {
    const statement = {
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: { 'Fn::GetAtt': ['Bus', 'Arn'] },
      Condition: { StringEquals: { 'events:detail-type': `T${(index + 1) % 7}` } },
    };
    const PolicyDocument = { Version: '2012-10-17', Statement: [statement] };
    const Targets = [{ Id: 'a', Arn: { 'Fn::GetAtt': [`F${index}`, 'Arn'] } }];
    const EventPattern = { 'detail-type': [`T${index}`] };
    return [
      [`R${index}`, { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyName: 'p', PolicyDocument }] } }],
      [`F${index}`, { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': [`R${index}`, 'Arn'] } } }],
      [`U${index}`, { Type: 'AWS::Events::Rule', Properties: { EventBusName: { Ref: 'Bus' }, EventPattern, Targets } }],
    ];
  }).flat();
  const bus: [string, object] = ['Bus', { Type: 'AWS::Events::EventBus', Properties: { Name: 'b' } }];
  const { loops } = flowOf(modelOf(Object.fromEntries([bus, ...services])));
  expect(loops).toEqual(['Shop/F0 -> Shop/F1 -> Shop/F2 -> Shop/F3 -> Shop/F4 -> Shop/F5 -> Shop/F6 -> Shop/F0']);
  const open = Object.fromEntries([bus, ...services.filter(([name]) => name !== 'U3')]);
  expect(flowOf(modelOf(open)).loops).toEqual([]);
});
