import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib';
import { type ApiKind, ServerlessApi, type ServerlessApiProps } from 'lintel/aws';
import { type LocalRun, runLocally } from 'lintel/testing';
import { apiOf, stackOf } from './serverless-apis';

const say = (text: string) => ({
  code: Code.fromInline(
    `exports.handler = async ({ stageVariables }) => ({ statusCode: 200, body: '${text} ' + stageVariables?.tenant });`,
  ),
});
const certificate = (stack: Stack) =>
  Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:1:certificate/1');

describe.each<ApiKind>(['http', 'rest'])('two APIs under one domain, the first of kind %s', (kind) => {
  let run: LocalRun;
  let stack: Stack;
  let urls: readonly string[];
  beforeAll(async () => {
    stack = stackOf();
    const bucket = Bucket.fromBucketName(stack, 'Trust', 'trust');
    const api = (id: string, props: Partial<ServerlessApiProps>) =>
      new ServerlessApi(stack, id, { authorizer: 'none', routes: { 'GET /here': say(id) }, ...props });
    const orders = api('Orders', {
      kind,
      stageVariables: { tenant: 'acme' },
      domain: {
        name: 'api.example.com',
        certificate: certificate(stack),
        basePath: 'orders',
        mutualTls: { bucket, key: 'truststore.pem', version: 'v1' },
      },
    });
    const stock = api('Stock', { domain: { existing: orders.domain!, basePath: 'stock' } });
    urls = [orders.url, stock.url].map((url) => stack.resolve(url) as string);
    run = await runLocally(stack);
  });
  afterAll(() => run.stop());

  test('have a mapping each, one truststore, and no other address', () => {
    const template = Template.fromStack(stack);
    const [rest, http] = ['AWS::ApiGateway::BasePathMapping', 'AWS::ApiGatewayV2::ApiMapping'].map((type) =>
      Object.values(template.findResources(type)).map(
        ({ Properties }) => Properties.BasePath ?? Properties.ApiMappingKey,
      ),
    );
    expect([rest, http]).toEqual(kind === 'rest' ? [['orders'], ['stock']] : [[], ['orders', 'stock']]);
    expect(JSON.stringify(urls)).toMatch(/\/orders\/.*\/stock\//);
    template.hasResourceProperties(`AWS::ApiGateway${kind === 'rest' ? '' : 'V2'}::DomainName`, {
      MutualTlsAuthentication: { TruststoreUri: 's3://trust/truststore.pem', TruststoreVersion: 'v1' },
    });
    const apis = {
      ...template.findResources('AWS::ApiGateway::RestApi'),
      ...template.findResources('AWS::ApiGatewayV2::Api'),
    };
    expect(Object.values(apis).map(({ Properties }) => Properties.DisableExecuteApiEndpoint)).toEqual([true, true]);
  });

  test('are told apart by the base path, with the variables of their stage', async () => {
    const ask = async (path: string) => {
      const port = new URL(Object.values(run.urls)[0]!).port;
      const asked = get({ port, path, host: '127.0.0.1', headers: { host: 'api.example.com' } });
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      return [response.statusCode, await text(response)];
    };
    expect(await ask('/orders/here')).toEqual([200, 'Orders acme']);
    expect(await ask('/stock/here')).toEqual([200, 'Stock undefined']);
    expect((await ask('/here'))[0]).toBe(403);
  });

  test('are said to ask for no certificate here', () => {
    const reasons = run.unsupported.map(({ reason }) => reason).filter((reason) => reason.includes('certificate'));
    expect(reasons).toEqual([
      "client certificates are not required for 'api.example.com' here: calls without one succeed",
      "client certificates are not required for 'api.example.com' here: calls without one succeed",
    ]);
  });
});

test.each<[string, (stack: Stack) => Partial<ServerlessApiProps>, string]>([
  [
    'a base path of two segments',
    (stack) => ({ domain: { name: 'api.example.com', certificate: certificate(stack), basePath: 'a/b' } }),
    "'domain.basePath' must be one segment of a path, got 'a/b'; write it without slashes, such as 'orders'",
  ],
  [
    'a truststore without a version',
    (stack) => ({
      domain: {
        name: 'api.example.com',
        certificate: certificate(stack),
        mutualTls: { bucket: Bucket.fromBucketName(stack, 'Trust', 'trust'), key: 'a.pem' } as never,
      },
    }),
    "'domain.mutualTls.version' must be given, got nothing; give the version of the object",
  ],
  [
    'a domain that is none',
    () => ({ domain: { existing: {}, basePath: 'a' } as never }),
    "'domain.existing' must be a",
  ],
  [
    'a variable that no stage takes',
    () => ({ stageVariables: { 'ten-ant': 'a b' } }),
    "'stageVariables.ten-ant' must have a name of at most 64 letters, digits and underscores",
  ],
  [
    'a stage that no API can have',
    () => ({ stage: { name: 'v1/a' } }),
    "'stage.name' must be 1 to 128 letters, digits, '-' and '_'",
  ],
  [
    'the default stage of a REST API',
    () => ({ kind: 'rest', stage: { name: '$default' } }),
    "'stage.name' must be 1 to 128",
  ],
  ['a value that no stage takes', () => ({ stageVariables: { tenant: 'a b' } }), 'must be 1 to 512 characters'],
])('refuses %s', (_, props, message) => {
  const stack = stackOf();
  expect(() => apiOf(props(stack), stack)).toThrow(message);
});
