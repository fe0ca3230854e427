import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Fn, type Stack } from 'aws-cdk-lib';
import { ApiDefinition, SpecRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnApi, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type LocalRun, runLocally } from 'lintel/testing';
import { answerOf, ECHO, inline, shop } from '../../support';

const AUTHORIZER = `exports.handler = async ({ authorizationToken, methodArn }) => ({
  principalId: 'ann',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Resource: methodArn,
    Effect: authorizationToken === 'let me in' ? 'Allow' : 'Deny' }] },
});`;

const uriOf = ({ functionArn }: LambdaFunction) =>
  Fn.sub('arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn}/invocations', {
    Fn: functionArn,
  });

/** A REST API of Swagger 2 with what API Gateway adds to it, and HTTP APIs of OpenAPI 3. */
function apis(stack: Stack): void {
  const echo = inline(stack, 'Echo', ECHO);
  const authorizer = inline(stack, 'Authorizer', AUTHORIZER);
  for (const fn of [echo, authorizer]) {
    fn.addPermission('Api', { principal: new ServicePrincipal('apigateway.amazonaws.com') });
  }
  const toEcho = { type: 'aws_proxy', httpMethod: 'POST', uri: uriOf(echo) };
  new SpecRestApi(stack, 'Rest', {
    apiDefinition: ApiDefinition.fromInline({
      swagger: '2.0',
      info: { title: 'orders', version: '1' },
      'x-amazon-apigateway-request-validators': { all: { validateRequestBody: true, validateRequestParameters: true } },
      'x-amazon-apigateway-request-validator': 'all',
      'x-amazon-apigateway-binary-media-types': ['image/png'],
      'x-amazon-apigateway-gateway-responses': {
        MISSING_AUTHENTICATION_TOKEN: { statusCode: 404, responseTemplates: { 'application/json': '{"no":"route"}' } },
      },
      securityDefinitions: {
        own: {
          type: 'apiKey',
          name: 'X-Token',
          in: 'header',
          'x-amazon-apigateway-authorizer': { type: 'token', authorizerUri: uriOf(authorizer) },
        },
        signed: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
        api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
      },
      definitions: {
        Order: { type: 'object', required: ['lines'], properties: { lines: { $ref: '#/definitions/Lines' } } },
        Lines: { type: 'array', minItems: 1, items: { type: 'string', example: 'a' } },
      },
      paths: {
        '/orders/{id}': {
          parameters: [{ name: 'id', in: 'path', required: true, type: 'string' }],
          get: {
            parameters: [{ name: 'verbose', in: 'query', required: true, type: 'string' }],
            'x-amazon-apigateway-integration': toEcho,
          },
          'x-amazon-apigateway-any-method': { security: [{ own: [] }], 'x-amazon-apigateway-integration': toEcho },
        },
        '/orders': {
          post: {
            parameters: [{ name: 'Order', in: 'body', required: true, schema: { $ref: '#/definitions/Order' } }],
            'x-amazon-apigateway-integration': toEcho,
          },
        },
        '/signed': { get: { security: [{ signed: [] }], 'x-amazon-apigateway-integration': toEcho } },
        '/keyed': { get: { security: [{ api_key: [] }], 'x-amazon-apigateway-integration': toEcho } },
        '/mock': {
          get: {
            'x-amazon-apigateway-integration': {
              type: 'mock',
              requestTemplates: { 'application/json': '{"statusCode": 418}' },
              responses: {
                default: { statusCode: '200' },
                '4\\d\\d': { statusCode: '418', responseTemplates: { 'application/json': '{"tea":"pot"}' } },
              },
            },
          },
        },
      },
    }),
  });
  const http = new CfnApi(stack, 'Http', {
    body: {
      openapi: '3.0.1',
      info: { title: 'orders', version: '1' },
      'x-amazon-apigateway-cors': { allowOrigins: ['https://shop.example.com'], maxAge: 60 },
      components: {
        securitySchemes: {
          jwt: {
            type: 'oauth2',
            'x-amazon-apigateway-authorizer': {
              type: 'jwt',
              identitySource: '$request.header.Authorization',
              jwtConfiguration: { issuer: 'https://login.example.com', audience: ['shop'] },
            },
          },
        },
        'x-amazon-apigateway-integrations': {
          echo: {
            ...toEcho,
            payloadFormatVersion: '2.0',
            responseParameters: { 200: { 'overwrite:header.x-by': 'document' } },
          },
        },
      },
      paths: {
        '/orders/{id}': {
          get: { 'x-amazon-apigateway-integration': { $ref: '#/components/x-amazon-apigateway-integrations/echo' } },
          post: {
            security: [{ jwt: ['write'] }],
            'x-amazon-apigateway-integration': { $ref: '#/components/x-amazon-apigateway-integrations/echo' },
          },
        },
        '/$default': { 'x-amazon-apigateway-any-method': { 'x-amazon-apigateway-integration': toEcho } },
      },
    },
  });
  new CfnStage(stack, 'Stage', { apiId: http.ref, stageName: '$default', autoDeploy: true });
  new CfnApi(stack, 'Quick', { name: 'quick', protocolType: 'HTTP', target: echo.functionArn });
}

let run: LocalRun;
beforeAll(async () => {
  run = await runLocally(shop(apis), { issuers: 'local' });
});
afterAll(() => run.stop());

const call = async (api: string, to: string, init?: RequestInit) => {
  const response = await fetch(`${run.urls[`Shop/${api}`]}${to}`, init);
  return { ...(await answerOf(response)), headers: response.headers };
};
const json = { 'content-type': 'application/json' };

test('lists nothing of them', () => {
  expect(run.unsupported).toEqual([]);
});

describe('a REST API', () => {
  test('has the routes and parameters of its document', async () => {
    const { status, body } = await call('Rest', '/orders/7?verbose=1');
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ resource: '/orders/{id}', httpMethod: 'GET', pathParameters: { id: '7' } }),
    ]);
  });

  test('has its validators and models, and those that they refer to', async () => {
    const post = (body: string) => call('Rest', '/orders', { method: 'POST', headers: json, body });
    expect((await call('Rest', '/orders/7')).body).toEqual({
      message: 'Missing required request parameters: [verbose]',
    });
    expect((await post('{"lines":["a"]}')).status).toBe(200);
    expect(await post('{"lines":[]}')).toMatchObject({ status: 400, body: { message: 'Invalid request body' } });
    expect((await post('{}')).status).toBe(400);
  });

  test('has its authorizers, signatures and keys', async () => {
    const put = (headers?: Record<string, string>) =>
      call('Rest', '/orders/7', { method: 'PUT', ...(headers && { headers }) });
    expect((await put()).status).toBe(401);
    expect((await put({ 'X-Token': 'no' })).status).toBe(403);
    expect(await put({ 'X-Token': 'let me in' })).toMatchObject({
      status: 200,
      body: { requestContext: { authorizer: { principalId: 'ann' } } },
    });
    expect((await call('Rest', '/keyed')).status).toBe(403);
    expect(await call('Rest', '/signed')).toMatchObject({ status: 404, body: { no: 'route' } });
  });

  test('has its mocks, its gateway responses and its binary types', async () => {
    expect(await call('Rest', '/mock')).toMatchObject({ status: 418, body: { tea: 'pot' } });
    expect(await call('Rest', '/nowhere')).toMatchObject({ status: 404, body: { no: 'route' } });
    const image = { method: 'PUT', headers: { 'X-Token': 'let me in', 'content-type': 'image/png' }, body: 'x' };
    expect((await call('Rest', '/orders/7', image)).body).toMatchObject({ isBase64Encoded: true });
  });
});

describe('an HTTP API', () => {
  test('has the routes and integrations of its document', async () => {
    const { body, headers } = await call('Http', '/orders/7');
    expect(body).toMatchObject({ version: '2.0', routeKey: 'GET /orders/{id}', pathParameters: { id: '7' } });
    expect(headers.get('x-by')).toBe('document');
    expect((await call('Http', '/else')).body).toMatchObject({ version: '1.0', resource: '$default' });
  });

  test('has its authorizers and CORS', async () => {
    const post = (scope: string) =>
      call('Http', '/orders/7', { method: 'POST', headers: { authorization: `Bearer ${run.token({ scope })}` } });
    expect((await call('Http', '/orders/7', { method: 'POST' })).status).toBe(401);
    expect((await post('read')).status).toBe(403);
    expect((await post('write')).status).toBe(200);
    const { headers } = await call('Http', '/orders/7', { headers: { origin: 'https://shop.example.com' } });
    expect(headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
  });

  test('that is made with a target alone has one route and a stage', async () => {
    expect((await call('Quick', '/a/b')).body).toMatchObject({ version: '2.0', routeKey: '$default', rawPath: '/a/b' });
  });
});

describe('a template of SAM', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'lintel-openapi-'));
  afterAll(() => rmSync(root, { recursive: true }));

  test('includes its document from a file beside it', async () => {
    const uri = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations';
    const integration = { type: 'aws_proxy', httpMethod: 'POST', uri: { 'Fn::Sub': uri } };
    const document = {
      openapi: '3.0.1',
      paths: { '/hello': { get: { 'x-amazon-apigateway-integration': integration } } },
    };
    writeFileSync(path.join(root, 'api.json'), JSON.stringify(document));
    writeFileSync(path.join(root, 'index.js'), ECHO);
    const include = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 'api.json' } } };
    const template = path.join(root, 'template.json');
    writeFileSync(
      template,
      JSON.stringify({
        Transform: 'AWS::Serverless-2016-10-31',
        Resources: {
          Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'prod', DefinitionBody: include } },
          Fn: {
            Type: 'AWS::Serverless::Function',
            Properties: {
              CodeUri: '.',
              Handler: 'index.handler',
              Runtime: 'nodejs22.x',
              Events: {
                Hello: { Type: 'Api', Properties: { RestApiId: { Ref: 'Api' }, Path: '/hello', Method: 'get' } },
              },
            },
          },
        },
      }),
    );
    const sam = await runLocally(template);
    try {
      expect(sam.unsupported).toEqual([]);
      expect(await answerOf(await fetch(`${sam.url}/hello`))).toMatchObject({ status: 200, body: { path: '/hello' } });
    } finally {
      await sam.stop();
    }
  });
});
