import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetDataProtectionPolicyCommand, SNSClient } from '@aws-sdk/client-sns';
import { App, CfnParameter, CfnResource, CustomResource, NestedStack, SecretValue, Stack, Stage } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { LocalRunError, runLocally } from 'lintel/testing';
import { fromHandlers, inline, ordersTable, running, shop, stopRuns } from './support';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
afterAll(async () => {
  await stopRuns();
  rmSync(scratch, { recursive: true });
});

/** An orders table, a function that reads and writes it, and an API in front. */
function orders(stack: Stack): void {
  const table = ordersTable(stack);
  const fn = fromHandlers(stack, 'Fn', 'orders', { environment: { ORDERS: table.tableName } });
  table.grant(fn, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  const integration = new HttpLambdaIntegration('I', fn);
  const api = new HttpApi(stack, 'Api');
  api.addRoutes({ path: '/orders', methods: [HttpMethod.POST], integration });
  api.addRoutes({ path: '/orders/{id}', methods: [HttpMethod.GET, HttpMethod.DELETE], integration });
}

describe('a run', () => {
  test('takes an app, a stack, a cloud assembly and its directory', async () => {
    const app = shop(orders);
    const assembly = app.synth();
    for (const source of [app, app.node.findChild('Shop'), assembly, assembly.directory]) {
      const run = await runLocally(source);
      expect(Object.keys(run.urls)).toEqual(['Shop/Api']);
      expect(Object.keys(run.tables)).toEqual(['Shop/Orders']);
      expect(run.functions).toEqual(['Shop/Fn']);
      await run.stop();
    }
  });

  test('gives each function the access that it has in its own account', async () => {
    const app = new App({ builtinCloudFormationValidation: false });
    for (const [name, account, region] of [
      ['Test', '111111111111', 'eu-west-1'],
      ['Live', '222222222222', 'us-west-2'],
    ]) {
      const env = { account, region };
      orders(new Stack(new Stage(app, name!, { env }), 'Shop'));
    }
    const run = await running(app);
    for (const url of Object.values(run.urls)) {
      expect((await fetch(`${url}/orders`, { method: 'POST', body: '{"id":"1"}' })).status).toBe(201);
    }
    expect(run.report().functions.map(({ role }) => role.split(':')[4])).toEqual(['111111111111', '222222222222']);
  });

  test('serves what was synthesized, and tells what became of each permission', async () => {
    const run = await running(shop(orders).synth().directory);
    const create = () => fetch(`${run.url}/orders`, { method: 'POST', body: '{"id":"1"}' });
    expect((await create()).status).toBe(201);
    expect((await create()).status).toBe(500);
    expect(await (await fetch(`${run.url}/orders/1`)).json()).toEqual({ id: '1' });
    expect((await fetch(`${run.url}/orders/2`)).status).toBe(404);
    expect((await fetch(`${run.url}/orders/1`, { method: 'DELETE' })).status).toBe(500);
    const resource = `arn:aws:dynamodb:us-east-1:123456789012:table/${run.tables['Shop/Orders']}`;
    const report = run.report();
    expect(JSON.parse(JSON.stringify(report))).toEqual({
      version: 1,
      functions: [
        {
          function: 'Shop/Fn',
          id: expect.stringMatching(/^Shop\/Fn\w{8}$/),
          role: expect.stringMatching(/^arn:aws:iam::123456789012:role\/Shop-FnServiceRole/),
          used: [
            { action: 'dynamodb:PutItem', resource, count: 2 },
            { action: 'dynamodb:GetItem', resource, count: 2 },
          ],
          unused: [{ action: 'dynamodb:UpdateItem', resource }],
          platform: [],
          invocations: { total: 5, failed: 2, throttled: 0 },
          denied: [
            { action: 'dynamodb:DeleteItem', resource, count: 1, reason: expect.stringContaining('no policy allows') },
          ],
        },
      ],
      roles: [],
      unsupportedCalls: [],
    });
  });

  test('finds functions by logical id, path, the end of a path, and construct', async () => {
    const app = shop((stack) => {
      inline(stack, 'One', 'exports.handler = async (event) => event;');
      inline(stack, 'Two', 'exports.handler = async (event) => event;');
    });
    const run = await running(app);
    const fn = app.node.findChild('Shop').node.findChild('One');
    const logicalId = run.report().functions[0]!.id.replace('Shop/', '');
    for (const name of [fn, 'Shop/One', 'One', logicalId, run.report().functions[0]!.id]) {
      expect(await run.invoke(name, { a: 1 })).toEqual({ a: 1 });
    }
    await expect(run.invoke('Three')).rejects.toThrow("there is no function 'Three'; there are 'Shop/One', 'Shop/Two'");
    await expect(run.invoke('Shop')).rejects.toThrow(
      "'Shop' names several functions: 'Shop/One', 'Shop/Two'; use the whole construct path",
    );
  });

  test('follows references to other stacks and into nested ones', async () => {
    const app = new App({ builtinCloudFormationValidation: false });
    const data = new Stack(app, 'Data');
    const table = ordersTable(new NestedStack(data, 'Tables'));
    const service = new Stack(app, 'Service');
    const fn = fromHandlers(service, 'Fn', 'orders', { environment: { ORDERS: table.tableName } });
    table.grant(fn, 'dynamodb:PutItem');
    new HttpApi(service, 'Api', { defaultIntegration: new HttpLambdaIntegration('I', fn) });
    const run = await running(app);
    expect((await fetch(run.url, { method: 'POST', body: '{"id":"1"}' })).status).toBe(201);
  });

  test('serves on the port that is chosen', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port } = free.address() as { port: number };
    await expect(runLocally(shop(orders), { port })).rejects.toThrow(
      new LocalRunError(`port ${port} is in use; choose another, or leave it out to let the system choose`),
    );
    await new Promise((resolve) => free.close(resolve));
    const run = await running(shop(orders), { port });
    expect(run.url).toBe(`http://127.0.0.1:${port}`);
  });

  test('may be stopped twice, and disposed of', async () => {
    const run = await runLocally(shop(orders));
    await Promise.all([run.stop(), run.stop(), run[Symbol.asyncDispose]()]);
    await expect(fetch(run.url)).rejects.toThrow();
  });
});

describe('refuses', () => {
  test('a directory that is no assembly', async () => {
    await expect(runLocally(path.join(scratch, 'nothing'))).rejects.toThrow(
      `'${path.join(scratch, 'nothing')}' does not exist; run 'cdk synth' first, or name its output directory`,
    );
    await expect(runLocally(scratch)).rejects.toThrow(
      `'${scratch}' is not a cloud assembly: it has no 'manifest.json'`,
    );
  });

  test('to name the url of no API, or of several', async () => {
    const run = await running(shop((stack) => void ordersTable(stack)));
    expect(() => run.url).toThrow('there is no API in these templates that the local run serves');
    const two = await running(
      shop((stack) => {
        new HttpApi(stack, 'One');
        new HttpApi(stack, 'Two');
      }),
    );
    expect(() => two.url).toThrow("there are several APIs: 'Shop/One', 'Shop/Two'; use 'urls'");
  });

  test('a port for an API that is not there', async () => {
    await expect(
      runLocally(
        shop((stack) => void ordersTable(stack)),
        { port: 8080 },
      ),
    ).rejects.toThrow('port 8080 is chosen for an API, but there is none left to serve');
  });

  test('to invoke a function whose asset is gone', async () => {
    const app = new App({ outdir: path.join(scratch, 'gone'), builtinCloudFormationValidation: false });
    fromHandlers(new Stack(app, 'Shop'), 'Fn', 'lonely');
    const { directory, stacks } = app.synth();
    const asset = JSON.stringify(stacks[0]!.template).match(/([0-9a-f]{64})\.zip/)![1];
    rmSync(path.join(directory, `asset.${asset}`), { recursive: true });
    const run = await running(directory);
    const words = /^the asset of 'Shop\/Fn' is missing: '.*'; synthesize again/;
    expect(run.unsupported).toMatchObject([{ resource: 'Shop/Fn', reason: expect.stringMatching(words) }]);
    await expect(run.invoke('Fn')).rejects.toThrow("'Shop/Fn' cannot run: the asset of 'Shop/Fn' is missing");
  });
});

describe('what is not run', () => {
  test('is listed by resource', async () => {
    const run = await running(
      shop((stack) => {
        new CfnResource(stack, 'Cluster', { type: 'AWS::MSK::Cluster' });
        new CustomResource(stack, 'Custom', { serviceToken: 'arn:aws:lambda:us-east-1:123456789012:function:x' });
        const layers = [LayerVersion.fromLayerVersionArn(stack, 'L', 'arn:aws:lambda:us-east-1:1:layer:x:1')];
        inline(stack, 'Fn', 'exports.handler = async () => process.env;', {
          layers,
          environment: { PASSWORD: SecretValue.secretsManager('db').unsafeUnwrap() },
        });
      }),
    );
    expect(run.unsupported).toEqual([
      { resource: 'Shop/Cluster', type: 'AWS::MSK::Cluster', reason: 'this type is not run' },
      {
        resource: 'Shop/Custom',
        type: 'AWS::CloudFormation::CustomResource',
        reason: expect.stringContaining(
          "its provider 'arn:aws:lambda:us-east-1:123456789012:function:x' is not a function",
        ),
      },
      expect.objectContaining({
        resource: 'arn:aws:lambda:us-east-1:1:layer:x:1',
        reason: expect.stringContaining('it is in no template'),
      }),
      expect.objectContaining({ resource: 'Shop/Fn', reason: expect.stringContaining("'PASSWORD'") }),
    ]);
  });

  test('is named when a handler calls it, and not tried again', async () => {
    const run = await running(
      shop((stack) => {
        const code = `const { SNSClient, GetDataProtectionPolicyCommand } = require('@aws-sdk/client-sns');
exports.handler = async () => new SNSClient({}).send(new GetDataProtectionPolicyCommand({ ResourceArn: 'arn:aws:sns:us-east-1:123456789012:t' }));`;
        inline(stack, 'Fn', code).addToRolePolicy(new PolicyStatement({ actions: ['sns:*'], resources: ['*'] }));
      }),
    );
    await expect(run.invoke('Fn')).rejects.toThrow(/^The local run does not answer sns:GetDataProtectionPolicy/);
    const call = new GetDataProtectionPolicyCommand({ ResourceArn: 'arn:aws:sns:us-east-1:123456789012:t' });
    await expect(run.client(SNSClient).send(call)).rejects.toMatchObject({ name: 'LocalRunUnsupported' });
    expect(run.report().unsupportedCalls).toEqual([
      { caller: 'Shop/Fn', service: 'sns', operation: 'GetDataProtectionPolicy', count: 1 },
      { caller: 'tests', service: 'sns', operation: 'GetDataProtectionPolicy', count: 1 },
    ]);
  });

  test('a call that nobody signed', async () => {
    const run = await running(shop((stack) => void ordersTable(stack)));
    const { endpoint } = run.clientConfig;
    expect((await fetch(endpoint, { method: 'POST' })).status).toBe(403);
    const stranger = new SSMClient({ ...run.clientConfig, credentials: { accessKeyId: 'X', secretAccessKey: 'x' } });
    await expect(stranger.send(new GetParameterCommand({ Name: 'x' }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });
});

describe('configuration', () => {
  test('is read with Powertools, from the templates and from the options', async () => {
    const run = await running(
      shop((stack) => {
        const parameter = new StringParameter(stack, 'Parameter', { stringValue: 'from the template' });
        const secret = new Secret(stack, 'Secret');
        const given = Secret.fromSecretNameV2(stack, 'Given', 'given');
        const environment = { PARAMETER: parameter.parameterName, SECRET: secret.secretArn };
        const fn = fromHandlers(stack, 'Fn', 'config', { environment, layers: [powertools(stack)] });
        parameter.grantRead(fn);
        secret.grantRead(fn);
        given.grantRead(fn);
        fromHandlers(stack, 'Denied', 'config', { environment, layers: [powertools(stack)] });
      }),
      { secrets: { given: { user: 'ann' } } },
    );
    expect(await run.invoke('Fn')).toEqual({
      parameter: 'from the template',
      secret: expect.stringMatching(/^.{32}$/),
      given: { user: 'ann' },
    });
    await expect(run.invoke('Denied')).rejects.toThrow(
      /is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:/,
    );
  });

  test('of a secret is what its template would generate, or what is given', async () => {
    const app = shop((stack) => {
      new Secret(stack, 'Db', {
        generateSecretString: {
          secretStringTemplate: '{"username":"app"}',
          generateStringKey: 'password',
          passwordLength: 12,
          excludePunctuation: true,
        },
      });
    });
    const read = async (run: Awaited<ReturnType<typeof running>>) => {
      const client = run.client(SecretsManagerClient);
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: run.nameOf('Db') }));
      return JSON.parse(SecretString!) as unknown;
    };
    expect(await read(await running(app))).toEqual({
      username: 'app',
      password: expect.stringMatching(/^[A-Za-z0-9]{12}$/),
    });
    expect(await read(await running(app, { secrets: { 'Shop/Db': { username: 'x' } } }))).toEqual({ username: 'x' });
  });

  test('of a template is given where it has no default', async () => {
    const app = shop((stack) => {
      const stage = new CfnParameter(stack, 'Stage');
      const environment = { STAGE: stage.valueAsString };
      inline(stack, 'Fn', 'exports.handler = async () => process.env.STAGE ?? null;', { environment });
    });
    const without = await running(app);
    expect(await without.invoke('Fn')).toBeNull();
    expect(without.unsupported.map(({ reason }) => reason)).toEqual([
      "the variable 'STAGE' is known only at deployment; set its parameter in 'templateParameters'",
    ]);
    const given = await running(app, { templateParameters: { Stage: 'dev' } });
    expect(await given.invoke('Fn')).toBe('dev');
    expect(given.unsupported).toEqual([]);
  });
});

function powertools(stack: Stack) {
  const id = 'Powertools';
  const existing = stack.node.tryFindChild(id);
  return (existing ??
    LayerVersion.fromLayerVersionArn(
      stack,
      id,
      'arn:aws:lambda:us-east-1:094274105915:layer:AWSLambdaPowertoolsTypeScriptV2:1',
    )) as LayerVersion;
}
