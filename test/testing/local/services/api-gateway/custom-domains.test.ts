import { request } from 'node:http';
import { BasePathMapping, CfnDomainName, DomainName, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnApiMapping, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CnameRecord, HostedZone } from 'aws-cdk-lib/aws-route53';
import type { LocalRun } from 'lintel/testing';
import { ECHO, inline, running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

let run: LocalRun;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const echo = inline(stack, 'Echo', ECHO);
      const rest = new RestApi(stack, 'Rest', { cloudWatchRole: false, disableExecuteApiEndpoint: true });
      rest.root.addResource('orders').addMethod('GET', new LambdaIntegration(echo));
      const http = new HttpApi(stack, 'Http');
      const integration = new HttpLambdaIntegration('Echo', echo);
      http.addRoutes({ path: '/users', methods: [HttpMethod.GET], integration });
      const certificate = new Certificate(stack, 'Certificate', { domainName: 'api.example.com' });
      const domain = new CfnDomainName(stack, 'Domain', {
        domainName: 'api.example.com',
        regionalCertificateArn: certificate.certificateArn,
      });
      const zone = new HostedZone(stack, 'Zone', { zoneName: 'example.com' });
      new CnameRecord(stack, 'Record', { zone, recordName: 'api', domainName: 'target' });
      const domainName = DomainName.fromDomainNameAttributes(stack, 'Imported', {
        domainName: domain.ref,
        domainNameAliasHostedZoneId: 'zone',
        domainNameAliasTarget: 'target',
      });
      new BasePathMapping(stack, 'Shop', { domainName, restApi: rest, basePath: 'shop', stage: rest.deploymentStage });
      new BasePathMapping(stack, 'Any', { domainName, restApi: rest, basePath: 'any', attachToStage: false });
      new CfnApiMapping(stack, 'Users', {
        apiId: http.apiId,
        domainName: 'api.example.com',
        stage: '$default',
        apiMappingKey: 'v1/people',
      });
      // Shorter than the one above, which goes before it.
      new CfnApiMapping(stack, 'V1', {
        apiId: http.apiId,
        domainName: 'api.example.com',
        stage: '$default',
        apiMappingKey: 'v1',
      });
    }),
  );
});

async function get(host: string, path: string, of = 'Http'): Promise<{ status: number; body: Record<string, never> }> {
  const { hostname, port } = new URL(run.urls[`Shop/${of}`]!);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers: { Host: host } }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          body: response.statusCode === 421 ? {} : (JSON.parse(text) as Record<string, never>),
        }),
      );
    });
    sent.on('error', reject).end();
  });
}

test('a custom domain leads to each of its APIs by the base path, on every port', async () => {
  for (const api of ['Http', 'Rest']) {
    const { status, body } = await get('api.example.com', '/shop/orders', api);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      resource: '/orders',
      path: '/shop/orders',
      requestContext: { domainName: 'api.example.com', path: '/shop/orders', stage: 'prod' },
    });
    expect((await get('API.example.com:8080', '/v1/people/users', api)).body).toMatchObject({
      rawPath: '/v1/people/users',
      routeKey: 'GET /users',
    });
  }
});

test('a mapping without a stage has it in the path', async () => {
  expect((await get('api.example.com.localhost', '/any/prod/orders')).body).toMatchObject({ resource: '/orders' });
  expect((await get('api.example.com', '/any/orders')).status).toBe(403);
});

test('refuses a path that is mapped nowhere, and a host that is nobody here', async () => {
  expect(await get('api.example.com', '/shopping/orders')).toEqual({ status: 403, body: { message: 'Forbidden' } });
  expect((await get('other.example.com', '/shop/orders')).status).toBe(421);
});

test("an API's own address may be switched off", async () => {
  expect((await get('127.0.0.1', '/prod/orders', 'Rest')).status).toBe(403);
  expect((await get('127.0.0.1', '/users')).status).toBe(200);
});

test('a domain needs neither its certificate nor its records here', () => {
  expect(run.unsupported).toEqual([]);
});
