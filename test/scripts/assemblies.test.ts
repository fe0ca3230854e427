import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { HttpIntegration, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { tryAssembly } from '../../scripts/assemblies/try-assembly';

const folder = mkdtempSync(path.join(tmpdir(), 'lintel-assemblies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function synthesized(name: string, build: (stack: Stack) => void): string {
  const outdir = path.join(folder, name);
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  build(new Stack(app, 'Other'));
  app.synth();
  return outdir;
}

const hello = (stack: Stack) =>
  new LambdaFunction(stack, 'Hello', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => ({ statusCode: 201 });'),
  });

test('runs an assembly, sends it what its triggers take, and says what came of it', async () => {
  const directory = synthesized('whole', (stack) => {
    const fn = hello(stack);
    fn.addEventSource(new SqsEventSource(new Queue(stack, 'Jobs')));
    const rest = new RestApi(stack, 'Rest', { cloudWatchRole: false });
    rest.root.resourceForPath('orders/{id}').addMethod('PUT', new LambdaIntegration(fn));
    const http = new HttpApi(stack, 'Http');
    http.addRoutes({ path: '/x', methods: [HttpMethod.POST], integration: new HttpLambdaIntegration('I', fn) });
    new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false });
  });
  const result = await tryAssembly(directory);
  expect(result).toMatchObject({
    app: 'whole',
    verdict: 'runs',
    kinds: ['rest', 'http', 'queue', 'event-source'],
    functions: 1,
    sent: 3,
    answers: { '201': 2 },
    invoked: 3,
    failed: 0,
    notRun: [],
    calls: [],
  });
  expect(result.beside.length).toBeGreaterThan(0);
});

test('says what is not run, and what fails', async () => {
  const partly = synthesized('partly', (stack) => {
    new RestApi(stack, 'Rest', { cloudWatchRole: false }).root.addMethod(
      'GET',
      new HttpIntegration('https://a.example'),
    );
  });
  await expect(tryAssembly(partly)).resolves.toMatchObject({
    verdict: 'partly',
    answers: { '501': 1 },
    calls: [expect.any(String)],
  });
  await expect(tryAssembly(path.join(folder, 'none'))).resolves.toMatchObject({ verdict: 'fails' });
});
