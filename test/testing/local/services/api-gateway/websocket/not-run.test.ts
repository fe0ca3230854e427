import type { Stack } from 'aws-cdk-lib';
import { CfnApi, CfnApiMapping, CfnDomainName, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { inline, running, shop, stopRuns } from '../../../support';

afterAll(stopRuns);

function api(stack: Stack): void {
  const made = new CfnApi(stack, 'Api', {
    name: 'api',
    protocolType: 'WEBSOCKET',
    routeSelectionExpression: '$request.body.action',
    disableExecuteApiEndpoint: true,
  });
  const apiId = made.ref;
  new CfnStage(stack, 'Stage', { apiId, stageName: 'prod', autoDeploy: true });
  const mock = new CfnIntegration(stack, 'Mock', { apiId, integrationType: 'MOCK' });
  new CfnRoute(stack, 'Connect', {
    apiId,
    routeKey: '$connect',
    apiKeyRequired: true,
    target: `integrations/${mock.ref}`,
  });
  new CfnRoute(stack, 'DefaultRoute', { apiId, routeKey: '$default' });
  const fn = inline(stack, 'Python', 'exports.handler = async () => ({ statusCode: 200 });');
  (fn.node.defaultChild as unknown as { runtime: string }).runtime = 'python3.13';
  const proxy = new CfnIntegration(stack, 'Proxy', {
    apiId,
    integrationType: 'AWS_PROXY',
    integrationUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${fn.functionArn}/invocations`,
  });
  new CfnRoute(stack, 'PythonRoute', { apiId, routeKey: 'python', target: `integrations/${proxy.ref}` });
  const domain = new CfnDomainName(stack, 'Domain', { domainName: 'chat.example.com' });
  new CfnApiMapping(stack, 'Mapping', { apiId, domainName: domain.ref, stage: 'prod' });
}

test('lists keys of every route, routes without integration, other runtimes, domains and endpoints that are disabled', async () => {
  const run = await running(shop(api));
  const own = run.unsupported.filter(({ type }) => type === 'AWS::ApiGatewayV2::Api').map(({ reason }) => reason);
  expect(own.sort()).toEqual([
    "its custom domain 'chat.example.com' is not served",
    'its default endpoint is disabled, so that AWS answers 403 there; here it serves',
    'the route $connect: its API key is not checked',
    'the route $default: it has no integration; it answers an error',
    expect.stringMatching(/^the route python: its function has the runtime python3.13, from which/),
  ]);
});
