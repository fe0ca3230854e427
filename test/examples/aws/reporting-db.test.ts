import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { type LocalRun, runLocally } from 'lintel/testing';
import { ReportingStack } from '../../../examples/aws/reporting-db/reporting-stack';

jest.setTimeout(120_000);

type Resource = { Type: string; Properties: Record<string, unknown> };

const sale = (id: number) => ({ id: String(id), shop: id % 2 ? 'Bonn' : 'Ulm', cents: 100 });

/** The example as it is synthesized, with its template changed; gives the directory. */
function synthesized(change: (resources: Record<string, Resource>) => void = () => undefined): string {
  const app = new App({ builtinCloudFormationValidation: false });
  new ReportingStack(app, 'Reporting');
  const { directory } = app.synth();
  const file = path.join(directory, 'Reporting.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, Resource> };
  change(template.Resources);
  writeFileSync(file, JSON.stringify(template));
  return directory;
}

/** The proxy may open three connections, so that not even a dozen environments have one each. */
function withFewConnections(resources: Record<string, Resource>): void {
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type !== 'AWS::RDS::DBProxyTargetGroup') continue;
    const pool = Properties.ConnectionPoolConfigurationInfo as Record<string, unknown>;
    Object.assign(pool, { MaxConnectionsPercent: 2, ConnectionBorrowTimeout: 10 });
  }
}

describe('as it is', () => {
  let run: LocalRun;

  beforeAll(async () => {
    run = await runLocally(synthesized(withFewConnections), { maxEnvironments: 12 });
  });
  afterAll(() => run.stop());

  test('migrations and users are made by the function of the deployment', async () => {
    expect(run.unsupported.filter(({ type }) => /^(AWS::RDS|Custom|AWS::Lambda)/.test(type))).toEqual([]);
    expect(run.engines.join()).toMatch(/PostgreSQL 17\.\d+ for 'Reporting\/Sales\/Cluster'/);
    expect(
      run
        .logs('Reporting/Sales/Migrations/Migrate')
        .map(({ message }) => message)
        .join(),
    ).toContain('applied 0001_sales.sql, 0002_sold_at.sql, 0003_sales_by_shop.sql');
    const roles = await run
      .database('Reporting/Sales/Cluster')
      .sql("SELECT rolname FROM pg_roles WHERE rolname IN ('cashier', 'reporter') ORDER BY rolname");
    expect(roles).toEqual([{ rolname: 'cashier' }, { rolname: 'reporter' }]);
  });

  test('200 invocations at once, and more environments than connections: none is refused', async () => {
    const all = await Promise.all(Array.from({ length: 200 }, (_, id) => run.invoke('Reporting/Record', sale(id))));
    expect(all).toEqual(all.map(() => ({ recorded: true })));
    expect(await run.invoke('Reporting/Record', sale(7))).toEqual({ recorded: false });
    expect(await run.invoke('Reporting/Report')).toEqual({ Bonn: 10_000, Ulm: 10_000 });
    const { peak, pins, timeouts } = run.proxy('Reporting/Sales/Proxy');
    expect({ pins, timeouts }).toEqual({ pins: [], timeouts: 0 });
    expect(peak).toBe(3);
    for (const { denied, unused } of run.report().functions.filter((one) => /Record|Report$/.test(one.function))) {
      // Nothing was invoked asynchronously, and so nothing failed that way.
      expect({ denied, unused: unused.map(({ action }) => action) }).toEqual({
        denied: [],
        unused: expect.not.arrayContaining(['rds-db:connect']) as string[],
      });
    }
  });
});

describe('with something missing from the template', () => {
  const runs: LocalRun[] = [];
  afterEach(() => Promise.all(runs.splice(0).map((run) => run.stop())));

  async function changed(change: (resources: Record<string, Resource>) => void): Promise<LocalRun> {
    const run = await runLocally(synthesized(change));
    runs.push(run);
    return run;
  }

  const answerOf = (run: LocalRun, fn: string) =>
    run.invoke(`Reporting/${fn}`, sale(1)).then(
      (answer) => JSON.stringify(answer),
      ({ message }: Error) => message,
    );
  const logOf = (run: LocalRun, source: string) =>
    run
      .logs(`Reporting/${source}`)
      .map(({ message }) => message)
      .join('\n');

  /** Drops statements that let somebody connect. */
  function withoutGrant(resources: Record<string, Resource>, drops: (statement: string, id: string) => boolean): void {
    for (const [id, { Type, Properties }] of Object.entries(resources)) {
      if (Type !== 'AWS::IAM::Policy') continue;
      const document = Properties.PolicyDocument as { Statement: unknown[] };
      document.Statement = document.Statement.filter((one) => {
        const statement = JSON.stringify(one);
        return !statement.includes('rds-db:connect') || !drops(statement, id);
      });
    }
  }

  test('refuses who has not one half of the grant, or not the other', async () => {
    const run = await changed((resources) => {
      withoutGrant(resources, (_, id) => id.startsWith('Record'));
      withoutGrant(resources, (one) => one.includes('DBClusterResourceId') && one.includes('/reporter'));
    });
    expect(await answerOf(run, 'Record')).toContain('The IAM authentication failed for the role cashier.');
    expect(logOf(run, 'Record')).toMatch(
      /not authorized to perform: rds-db:connect on resource: \S+:dbuser:prx-\w+\/cashier/,
    );
    expect(await answerOf(run, 'Report')).toContain('This RDS proxy has no credentials for the role reporter.');
    expect(logOf(run, 'Report')).toMatch(
      /not authorized to perform: rds-db:connect on resource: \S+:dbuser:cluster-\w+\/reporter/,
    );
  });

  test('refuses who is not let in by the security group; a migration that is not there fails the next, which says how far it came', async () => {
    const run = await changed((resources) => {
      const migrations = Object.values(resources).find(({ Type }) => Type === 'Custom::DatabaseMigrations')!.Properties;
      migrations.Files = (migrations.Files as { Name: string }[]).filter(({ Name }) => Name !== '0001_sales.sql');
      for (const [id, { Type, Properties }] of Object.entries(resources)) {
        if (Type !== 'AWS::EC2::SecurityGroupIngress') continue;
        if (JSON.stringify(Properties.SourceSecurityGroupId).includes('"Record')) delete resources[id];
      }
    });
    expect(await answerOf(run, 'Record')).toContain('ETIMEDOUT');
    expect(logOf(run, 'Record')).toContain(
      "no rule of the security groups of 'Reporting/Sales/Proxy' lets 'Reporting/Record' in on port 5432",
    );
    const reason =
      '0002_sold_at.sql failed: relation "sales" does not exist (42P01); it was one transaction, and was rolled back; ' +
      'none was applied before it; not started: 0003_sales_by_shop.sql';
    expect(run.unsupported.find(({ type }) => type === 'Custom::DatabaseMigrations')?.reason).toContain(
      `FAILED: ${reason}`,
    );
    expect(await answerOf(run, 'Report')).toContain('This RDS proxy has no credentials for the role reporter.');
  });
});

test('refuses at synthesis what would need more concurrent transactions than the database has connections', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  new ReportingStack(app, 'Reporting', { busy: 100 });
  expect(() => app.synth()).toThrow(/200/);
});
