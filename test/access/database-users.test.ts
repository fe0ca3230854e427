import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { accessMatrix } from 'lintel/access';
import { PooledDatabase, ServiceFunction } from 'lintel/aws';
import { readAssembly } from '../../lib/core/model/read-assembly';

test.each([undefined, { account: '111122223333', region: 'eu-west-1' }])(
  'users of a database stand beside IAM: who may come as whom, and what each may do, in %p',
  (env) => {
    const app = new App({ builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Shop', { env });
    const vpc = Vpc.fromVpcAttributes(stack, 'Network', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: ['subnet-1', 'subnet-2'],
    });
    const users = { reporter: { read: ['*'], write: ['reports'] } };
    const reports = new PooledDatabase(stack, 'Reports', { vpc, engine: 'postgres', users });
    new ServiceFunction(stack, 'Monthly', {
      code: Code.fromInline('exports.handler = async () => {};'),
      vpc,
      reservedConcurrency: 5,
      access: { DB: reports.connect('reporter'), OTHER: reports.connect('clerk') },
    });
    const { entries } = accessMatrix(readAssembly(app.synth().directory));
    const rows = entries
      .filter(({ principal, actions }) => principal.kind === 'database user' || actions.includes('rds-db:connect'))
      .map(
        ({ principal, resource, actions, verdict }) =>
          `${principal.kind} ${principal.name}: ${actions.join(', ')} ${resource}${verdict === 'unknown' ? ' (unknown)' : ''}`,
      );
    expect(rows).toEqual([
      'function Shop/Monthly: rds-db:connect Shop/Reports/Proxy/clerk',
      'function Shop/Monthly: rds-db:connect Shop/Reports/Proxy/reporter',
      'function Shop/Reports/Migrations/Migrate: rds-db:connect Shop/Reports/Cluster/lintel',
      'resource Shop/Reports/Proxy: rds-db:connect Shop/Reports/Cluster/clerk',
      'resource Shop/Reports/Proxy: rds-db:connect Shop/Reports/Cluster/reporter',
      'database user clerk: DELETE, INSERT, SELECT, UPDATE Shop/Reports/Cluster/tables that migrations grant (unknown)',
      'database user reporter: SELECT Shop/Reports/Cluster/*',
      'database user reporter: DELETE, INSERT, SELECT, UPDATE Shop/Reports/Cluster/reports',
    ]);
  },
);
