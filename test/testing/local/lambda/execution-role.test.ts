import type { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
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
}

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

test('a role whose trust depends on what Lambda sends is listed, and its function runs', async () => {
  expect(reasons('Shop/Conditional')).toEqual([expect.stringContaining('cannot be judged')]);
  expect(await run.invoke('Conditional')).toBe(1);
  expect(await run.invoke('Trusted')).toBe(1);
});
