import { once } from 'node:events';
import { Fn, type Stack } from 'aws-cdk-lib';
import { CfnIntegration, CfnRoute, CfnRouteResponse, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LocalRun } from 'lintel/testing';
import WebSocket from 'ws';
import { inline, ordersTable, running, shop, stopRuns } from '../../../support';

/** An API whose routes call a table, a queue and a function by templates of their own. */
function api(stack: Stack): void {
  const table = ordersTable(stack);
  const jobs = new Queue(stack, 'Jobs');
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
  table.grantWriteData(role);
  jobs.grantSendMessages(role);
  const fn = inline(
    stack,
    'Work',
    `exports.handler = async (event) => { if (event.throws) throw new Error('no'); return event; };`,
  );
  fn.grantInvoke(role);
  const made = new WebSocketApi(stack, 'Api');
  const { apiId } = made;
  const to = (routeKey: string, service: string, template: string, more: object = {}) => {
    const integration = new CfnIntegration(stack, `${routeKey}To`, {
      apiId,
      integrationType: 'AWS',
      integrationMethod: 'POST',
      integrationUri: Fn.sub(`arn:aws:apigateway:\${AWS::Region}:${service}`, {
        Queue: jobs.queueName,
        Fn: fn.functionArn,
      }),
      credentialsArn: role.roleArn,
      templateSelectionExpression: '\\$default',
      requestTemplates: { $default: Fn.sub(template, { Table: table.tableName }) },
      ...more,
    });
    const target = `integrations/${integration.ref}`;
    const route = new CfnRoute(stack, `${routeKey}Route`, {
      apiId,
      routeKey,
      target,
      routeResponseSelectionExpression: '\\$default',
    });
    new CfnRouteResponse(stack, `${routeKey}Answer`, { apiId, routeId: route.ref, routeResponseKey: '$default' });
  };
  to(
    '$connect',
    'dynamodb:action/PutItem',
    `{"TableName": "\${Table}", "Item": {"id": {"S": "$context.connectionId"}, "who": {"S": "$input.params('who')"}}}`,
  );
  to(
    '$disconnect',
    'dynamodb:action/DeleteItem',
    `{"TableName": "\${Table}", "Key": {"id": {"S": "$context.connectionId"}}}`,
  );
  to('job', 'sqs:path/\${AWS::AccountId}/\${Queue}', 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)', {
    requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
  });
  to(
    'call',
    'lambda:path/2015-03-31/functions/\${Fn}/invocations',
    `{"id": "$input.path('$.id')", "route": "$context.routeKey", "throws": $input.json('$.throws')}`,
  );
  to('denied', 'dynamodb:action/Scan', `{"TableName": "\${Table}"}`);
  to('odd', 'sqs:path/\${Queue}', '{}', {
    requestParameters: { 'integration.request.header.X': 'integration.response.body' },
  });
  new WebSocketStage(stack, 'Stage', { webSocketApi: made, stageName: 'prod', autoDeploy: true });
}

let run: LocalRun;
beforeAll(async () => {
  run = await running(shop(api), { disorder: 0 });
}, 60_000);
afterAll(stopRuns);

test('routes call services and functions by their templates, with the role of the integration', async () => {
  const socket = new WebSocket(`${run.urls['Shop/Api']}?who=ada`);
  await once(socket, 'open');
  const roles = () =>
    run
      .report()
      .roles.find(({ used }) => used.length > 0)!
      .used.map(({ action }) => action);
  expect(roles()).toContain('dynamodb:PutItem');
  const asked = async (message: object) => {
    socket.send(JSON.stringify(message));
    return String((await once(socket, 'message'))[0]);
  };
  expect(await asked({ action: 'job', id: 1 })).toContain('SendMessageResponse');
  expect(run.queue('Jobs').messages()).toMatchObject([{ body: '{"action":"job","id":1}' }]);
  expect(JSON.parse(await asked({ action: 'call', id: 7, throws: false }))).toEqual({
    id: '7',
    route: 'call',
    throws: false,
  });
  expect(await asked({ action: 'denied' })).toContain('AccessDeniedException');
  expect(await asked({ action: 'odd' })).toContain(
    "cannot do this: its parameter 'integration.response.body' is not read",
  );
  socket.close();
  await once(socket, 'close');
  await run.idle();
  expect(roles()).toContain('dynamodb:DeleteItem');
});

test('lists what of an integration is not run', () => {
  expect(run.unsupported.map(({ reason }) => reason)).toEqual([
    "the route odd: its parameter 'integration.response.body' is not read",
  ]);
});
