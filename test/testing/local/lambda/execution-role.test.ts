import type { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../support';

function functions(stack: Stack): void {
  const roles = {
    Untrusted: new Role(stack, 'Tasks', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
    People: new Role(stack, 'Humans', { assumedBy: new AccountRootPrincipal() }),
    Conditional: new Role(stack, 'Some', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com').withConditions({
        StringEquals: { 'aws:SourceAccount': '123456789012' },
      }),
    }),
  };
  for (const [id, role] of Object.entries(roles)) {
    const fn = inline(stack, id, 'exports.handler = async () => 1;');
    (fn.node.defaultChild as CfnFunction).role = role.roleArn;
  }
  inline(stack, 'Trusted', 'exports.handler = async () => 1;');
  inline(stack, 'Retired', 'exports.handler = async () => 1;', { runtime: Runtime.NODEJS_20_X });
  inline(stack, 'Half', 'exports.handler = async () => 1;', { reservedConcurrentExecutions: 500 });
  inline(stack, 'Rest', 'exports.handler = async () => 1;', { reservedConcurrentExecutions: 401 });
  for (const [id, settings] of Object.entries(REFUSED)) {
    const fn = inline(stack, id, 'exports.handler = async () => 1;').node.defaultChild as CfnFunction;
    for (const [property, value] of Object.entries(settings)) fn.addPropertyOverride(property, value);
  }
}

/** Properties that no construct would take, or only by a runtime that CDK then knows in other files as well. */
const REFUSED = {
  Future: { Runtime: 'nodejs98.x' },
  Slow: { Timeout: 901 },
  Small: { MemorySize: 64, 'EphemeralStorage.Size': 20_000 },
  Layered: { Layers: ['a', 'b', 'c', 'd', 'e', 'f'] },
  Large: { 'Environment.Variables': { SETTINGS: 'x'.repeat(4089) } },
  Old: { Runtime: 'nodejs14.x' },
  Named: { 'Environment.Variables': { AWS_REGION: 'eu-west-1', '1ST': 'a', OTHER: 'b' } },
};

let run: LocalRun;
beforeAll(async () => {
  run = await running(shop(functions));
});
afterAll(stopRuns);

const reasons = (name: string) =>
  run.unsupported.filter(({ resource }) => resource === name).map(({ reason }) => reason);

test.each([
  ['Untrusted', 'Shop/Tasks'],
  ['People', 'Shop/Humans'],
])('refuses to run %s, whose role does not trust Lambda, and lists it', async (name, role) => {
  const said = `its role '${role}' does not trust lambda.amazonaws.com: on AWS it is not created`;
  expect(reasons(`Shop/${name}`)).toEqual([said]);
  await expect(run.invoke(name)).rejects.toMatchObject({
    errorType: 'LocalRun.CannotRun',
    message: `'Shop/${name}' cannot run: ${said}`,
  });
});

test.each([
  ['Slow', 'its Timeout of 901 is not from 1 to 900'],
  [
    'Small',
    'its MemorySize of 64 is not from 128 to 10240, and its EphemeralStorage.Size of 20000 is not from 512 to 10240',
  ],
  ['Old', 'Lambda creates no more functions with the runtime nodejs14.x'],
  ['Layered', 'it has 6 layers, but Lambda accepts 5'],
  ['Large', 'its variables have 4097 bytes, but Lambda accepts 4096'],
  ['Named', "the variable 'AWS_REGION' is reserved by Lambda, and '1ST' is not a variable name that Lambda accepts"],
])('refuses to run %s, whose settings Lambda does not take, and lists it', async (name, why) => {
  expect(reasons(`Shop/${name}`)).toEqual([`${why}: on AWS it is not created`]);
  await expect(run.invoke(name)).rejects.toThrow(why);
});

test('a role whose trust depends on what Lambda sends is listed, and its function runs', async () => {
  expect(reasons('Shop/Conditional')).toEqual([expect.stringContaining('cannot be judged')]);
  expect(await run.invoke('Conditional')).toBe(1);
  expect(await run.invoke('Trusted')).toBe(1);
});

test('a runtime whose support has ended runs while Lambda still creates functions with it; an unknown one is listed', () => {
  expect(reasons('Shop/Retired')).toEqual([]);
  expect(reasons('Shop/Future')).toContain("whether Lambda has its runtime 'nodejs98.x' is not known here");
});

test('lists reservations that leave the account less than AWS keeps free', () => {
  expect(reasons('Shop/Half')).toEqual([
    expect.stringMatching(
      /^it reserves 500 executions, one of 2 that reserve 901 together: AWS refuses to leave fewer than 100 of the 1000 /,
    ),
  ]);
  expect(reasons('Shop/Rest')).toEqual([]);
});

test('a limit that is declared has room for more', async () => {
  const app = shop((stack) => {
    const fn = inline(stack, 'Wide', 'exports.handler = async () => 1;', { reservedConcurrentExecutions: 950 });
    (fn.node.defaultChild as CfnFunction).addMetadata('lintel:accountConcurrency', 2000);
  });
  expect((await running(app)).unsupported).toEqual([]);
});
