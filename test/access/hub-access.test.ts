import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { accessMatrix, diffAccess, read } from 'lintel/access';
import { EventHub, ServiceFunction } from 'lintel/aws';

function modelOf(more: (shop: EventHub, audit: EventHub) => void) {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const [shop, audit] = [new EventHub(stack, 'Hub'), new EventHub(stack, 'Audit')];
  new ServiceFunction(stack, 'Orders', {
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
    access: { HUB: shop.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) },
  });
  more(shop, audit);
  return read(app.synth().directory);
}

const publishes = (model: ReturnType<typeof modelOf>) =>
  accessMatrix(model)
    .entries.filter(({ actions, verdict }) => actions.includes('events:PutEvents') && verdict !== 'denied')
    .map(({ principal, resource, conditions }) => [principal.name, resource, conditions.length > 0]);

test('the matrix shows who may publish what, and that a hub takes nothing of others by itself', () => {
  expect(publishes(modelOf(() => undefined))).toEqual([['Shop/Orders', 'Shop/Hub/Bus', true]]);
});

test('the diff shows both sides of what is passed on: who may put events there, and whom a hub lets in', () => {
  const base = modelOf(() => undefined);
  const passing = diffAccess(
    base,
    modelOf((shop, audit) => void shop.forwardTo('ToAudit', { to: audit })),
  );
  expect(JSON.stringify(passing.widened)).toContain('Shop/Audit/Bus');
  const letting = diffAccess(
    base,
    modelOf((shop) => void shop.acceptFrom('Partner', { account: '111122223333', source: 'p', types: ['Sent'] })),
  );
  expect(letting.widened).toEqual([
    expect.objectContaining({
      resource: 'Shop/Hub/Bus',
      principal: expect.objectContaining({ name: expect.stringContaining('111122223333') }),
    }),
  ]);
});
