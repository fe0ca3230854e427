import { App } from 'aws-cdk-lib';
import { buildShop } from '../../../examples/aws/shop/shop';
import { judge, readAssembly, RULES } from 'lintel/rules';

const app = new App({ builtinCloudFormationValidation: false });
const budget = buildShop(app);
const assembly = app.synth();

test('what runs in the background is capped, what customers wait for is not', () => {
  expect(budget.shares().map(({ function: fn, reserved }) => [fn, reserved])).toEqual([
    ['ShopClicks/Clicks/Handler', 20],
    ['ShopImports/Imports/Worker/Handler', 20],
    ['ShopIngest/Ingest/Handler', 20],
    ['ShopReport/Nightly/Handler', 20],
    ['ShopPayments/Webhook/Worker/Handler', undefined],
  ]);
});

test('all patterns together pass our rules', () => {
  const { findings, unknown, failures } = judge(readAssembly(assembly.directory), { rules: RULES });
  expect({ findings: findings.map(({ id }) => id), unknown, failures }).toEqual({
    findings: [],
    unknown: [],
    failures: [],
  });
});
