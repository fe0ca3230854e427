import { CfnDeployment, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Stack } from 'aws-cdk-lib';
import { running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

/** An API whose only stage comes from its deployment. */
function deployed(stack: Stack, description: CfnDeployment.StageDescriptionProperty, stageName = 'v1'): void {
  const api = new RestApi(stack, 'Api', { cloudWatchRole: false, deploy: false });
  const template = '{"mode":"$stageVariables.mode","stage":"$context.stage"}';
  const answers = [{ statusCode: '200', responseTemplates: { 'application/json': template } }];
  const mock = new MockIntegration({
    requestTemplates: { 'application/json': '{"statusCode": 200}' },
    integrationResponses: answers,
  });
  api.root.addMethod('GET', mock, { methodResponses: [{ statusCode: '200' }] });
  new CfnDeployment(stack, 'Deployment', { restApiId: api.restApiId, stageName, stageDescription: description });
}

test('a deployment with a StageName creates the stage, with its variables', async () => {
  const run = await running(shop((stack) => deployed(stack, { variables: { mode: 'test' } })));
  expect(run.url).toMatch(/\/v1$/);
  expect(await (await fetch(`${run.url}/`)).json()).toEqual({ mode: 'test', stage: 'v1' });
});

test('the throttle of its description is that of every method', async () => {
  const run = await running(shop((stack) => deployed(stack, { throttlingRateLimit: 0.001, throttlingBurstLimit: 1 })));
  expect((await fetch(`${run.url}/`)).status).toBe(200);
  expect((await fetch(`${run.url}/`)).status).toBe(429);
});

test('one whose name is empty makes none', async () => {
  const run = await running(shop((stack) => deployed(stack, {}, '')));
  expect((await fetch(`${run.url}/`)).status).toBe(403);
});
