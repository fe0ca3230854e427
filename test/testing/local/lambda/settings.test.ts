import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnResource, type Stack } from 'aws-cdk-lib';
import { inline, running, shop, stopRuns } from '../support';

afterAll(stopRuns);

const CODE = 'exports.handler = async () => 1;';

function withSetting(stack: Stack, id: string, name: string, value: unknown): void {
  (inline(stack, id, CODE).node.defaultChild as CfnFunction).addPropertyOverride(name, value);
}

test('settings that have an effect on AWS only are listed, and tenants do not share an environment', async () => {
  const run = await running(
    shop((stack) => {
      withSetting(stack, 'Isolated', 'TenancyConfig', { TenantIsolationMode: 'PER_TENANT' });
      const Arn = 'arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-1';
      withSetting(stack, 'Mounted', 'FileSystemConfigs', [{ Arn, LocalMountPath: '/mnt/data' }]);
      const provider = { CapacityProviderArn: 'arn:aws:lambda:us-east-1:123456789012:capacity-provider:p' };
      withSetting(stack, 'Managed', 'CapacityProviderConfig', {
        LambdaManagedInstancesCapacityProviderConfig: provider,
      });
      const AttributeDefinitions = [{ AttributeName: 'id', AttributeType: 'S' }];
      const KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' }];
      const ImportSourceSpecification = { InputFormat: 'CSV', S3BucketSource: { S3Bucket: 'b' } };
      const properties = { AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST', ImportSourceSpecification };
      new CfnResource(stack, 'Imported', { type: 'AWS::DynamoDB::Table', properties });
    }),
  );
  expect(run.unsupported.map(({ resource, reason }) => `${resource}: ${reason}`)).toEqual(
    expect.arrayContaining([
      'Shop/Isolated: it isolates its tenants (TenancyConfig), and here they would share execution environments',
      "Shop/Mounted: its file system is not mounted: there is no '/mnt/data'",
      'Shop/Managed: on its capacity provider an execution environment serves several invocations at once, here one',
      'Shop/Imported: nothing is imported into it: it starts empty',
    ]),
  );
  await expect(run.invoke('Isolated')).rejects.toThrow('it isolates its tenants');
  expect(await run.invoke('Managed')).toBe(1);
});
