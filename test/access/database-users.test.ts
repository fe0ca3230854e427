import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { accessMatrix, diffAccess, review } from 'lintel/access';
import { PooledDatabase, ServiceFunction } from 'lintel/aws';
import { readAssembly } from '../../lib/core/model/read-assembly';
import { actionsInWords } from '../../lib/access/report/actions';
import { getAtt, role, template } from './templates';

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

/** What users and migrations of a database change, as lines. */
describe('a comparison of two templates', () => {
  interface Made {
    readonly engine?: 'postgres' | 'mysql';
    readonly files?: readonly (readonly [name: string, rights?: 'none' | 'tables' | 'more', sha256?: string])[];
  }

  const model = (users: Readonly<Record<string, object>>, { engine = 'postgres', files = [] }: Made = {}) =>
    template({
      Cluster: { Type: 'AWS::RDS::DBCluster', Properties: {} },
      Role: role([]),
      Migrate: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Role: getAtt('Role'),
          Environment: { Variables: { DB_HOST: getAtt('Cluster', 'Endpoint.Address'), DB_NAME: 'shop' } },
        },
      },
      Migrations: {
        Type: 'Custom::DatabaseMigrations',
        Properties: {
          ServiceToken: getAtt('Migrate'),
          Engine: engine,
          Users: Object.entries(users).map(([Name, rights]) => ({ Name, ...rights })),
          Files: files.map(([Name, Rights = 'none', Sha256 = 'a']) => ({ Name, Rights, Sha256 })),
        },
      },
    });
  const read = (...Read: string[]) => ({ Read, Write: [] });
  const write = (...Write: string[]) => ({ Read: [], Write });

  const diff = (base: ReturnType<typeof model>, head: ReturnType<typeof model>) => {
    const { widened, narrowed } = diffAccess(base, head);
    const line =
      (sign: string) =>
      ({ principal, resource, actions, reason, problem }: (typeof widened)[number]) =>
        `${sign} ${principal.name}: ${actions.join(' ')} on ${resource.replace('Shop/Cluster/', '')} (${reason})${problem ? `; ${problem}` : ''}`;
    return [...widened.map(line('+')), ...narrowed.map(line('-'))];
  };

  test.each<[string, Readonly<Record<string, object>>, Readonly<Record<string, object>>]>([
    ['the same users', { app: read('orders') }, { app: read('orders') }],
    ['a table of all that were given', { app: read('*') }, { app: read('*', 'orders') }],
    ['a table by the schema that it is in anyway', { app: read('orders') }, { app: read('public.orders') }],
    ['reading where one writes already', { app: write('orders') }, { app: { Read: ['orders'], Write: ['orders'] } }],
    ['a user that leaves, who stays in the database', { app: read('*'), old: write('*') }, { app: read('*') }],
    ['who connects as before', { app: {} }, { app: {} }],
  ])('finds nothing in %s', (_, base, head) => {
    expect(diff(model(base), model(head))).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, object>>, Readonly<Record<string, object>>, string[]]>([
    [
      'writing in place of reading',
      { app: read('orders') },
      { app: write('orders') },
      ['+ app: DELETE INSERT UPDATE on orders (granted)'],
    ],
    ['one more table', { app: read('orders') }, { app: read('orders', 'items') }, ['+ app: SELECT on items (granted)']],
    ['all tables in place of one', { app: read('orders') }, { app: read('*') }, ['+ app: SELECT on * (granted)']],
    [
      'a schema that is not in `*`',
      { app: read('*') },
      { app: read('*', 'billing.invoices') },
      ['+ app: SELECT on billing.invoices (granted)'],
    ],
    [
      'another user',
      { app: read('orders') },
      { app: read('orders'), clerk: write('items') },
      ['+ clerk: DELETE INSERT SELECT UPDATE on items (new principal)'],
    ],
    ['less', { app: write('orders') }, { app: read('orders') }, ['- app: DELETE INSERT UPDATE on orders (revoked)']],
    [
      'a user of whom nothing is said any more',
      { app: read('orders') },
      { app: {} },
      [
        '+ app: DELETE INSERT SELECT UPDATE on tables that migrations grant (unknown); nothing says any more what it may: it keeps what it had',
      ],
    ],
    [
      'a user of whom something is said now',
      { app: {} },
      { app: read('orders') },
      [
        '+ app: SELECT on orders (granted)',
        '- app: DELETE INSERT SELECT UPDATE on tables that migrations grant (revoked)',
      ],
    ],
    [
      'somebody of whom only the migrations tell what he may',
      {},
      { app: {} },
      [
        "+ app: DELETE INSERT SELECT UPDATE on tables that migrations grant (new principal); only the migrations tell what it may: name it in 'users'",
      ],
    ],
  ])('finds %s', (_, base, head, lines) => {
    expect(diff(model(base), model(head))).toEqual(lines);
  });

  test('finds what a new or changed migration may grant by itself: to those of whom nothing is said, and to all where it is more than tables', () => {
    const users = { app: read('orders'), worker: {} };
    const first = ['1_a.sql', 'more'] as const;
    const base = model(users, { files: [first] });
    const after = (...files: NonNullable<Made['files']>) => diff(base, model(users, { files }));
    expect(after(first, ['2_b.sql', 'none'])).toEqual([]);
    expect(after(first, ['2_b.sql', 'tables'])).toEqual([
      '+ worker: DELETE INSERT SELECT UPDATE on tables that migrations grant (unknown); new migrations speak of rights: 2_b.sql',
    ]);
    expect(after(['1_a.sql', 'more', 'changed']).map((line) => line.replace(/ on .*;/, ';'))).toEqual([
      '+ app: DELETE INSERT SELECT UPDATE; new migrations speak of more than the rights of users to tables: 1_a.sql',
      '+ worker: DELETE INSERT SELECT UPDATE; new migrations speak of rights: 1_a.sql',
    ]);
  });

  test('counts what cannot be judged also where new principals are reviewed apart, and takes an acceptance for it', () => {
    const changes = diffAccess(model({}), model({ app: {}, clerk: read('orders') }));
    const today = '2026-01-01';
    const found = review(changes, { newPrincipals: 'review', today });
    expect([found.widened, found.review].map((some) => some.map(({ principal }) => principal.name))).toEqual([
      ['app'],
      ['clerk'],
    ]);
    const accepted = [{ change: found.widened[0]!.id, reason: 'read' }];
    expect(review(changes, { newPrincipals: 'review', today, accepted }).widened).toEqual([]);
  });

  test('reads the database of MySQL as the schema', () => {
    const mysql = { engine: 'mysql' } as const;
    expect(diff(model({ app: read('orders') }, mysql), model({ app: read('shop.orders') }, mysql))).toEqual([]);
    expect(diff(model({ app: read('orders') }, mysql), model({ app: read('public.orders') }, mysql))).toEqual([
      '+ app: SELECT on public.orders (granted)',
      '- app: SELECT on orders (revoked)',
    ]);
  });
});

test('the actions of SQL are one list in a report, and those of a service another', () => {
  expect(actionsInWords(['DELETE', 'INSERT'])).toBe('DELETE, INSERT');
  expect(actionsInWords(['sqs:SendMessage', 'sqs:GetQueueUrl', 's3:GetObject'])).toBe(
    'sqs: SendMessage, GetQueueUrl; s3: GetObject',
  );
  expect(actionsInWords(['*'])).toBe('*');
});
