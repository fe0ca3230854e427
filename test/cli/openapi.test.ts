import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import { App, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { openApiRoutes, ServerlessApi } from 'lintel/aws';
import { parse } from 'yaml';
import { main } from '../../lib/cli/main';
import { shop } from '../aws/api/openapi/documents';
import { inline, ISSUER, plainFunction } from '../patterns/aws/serverless-apis';

const directory = mkdtempSync(path.join(tmpdir(), 'lintel-openapi-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** An assembly of a stack. */
function synthesized(name: string, build: (stack: Stack) => void): string {
  const outdir = path.join(directory, name);
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  build(new Stack(app, 'Shop'));
  app.synth();
  return outdir;
}

async function lintel(...argv: string[]) {
  let [out, notes] = ['', ''];
  const io = { out: (text: string) => (out += text), note: (text: string) => (notes += `${text}\n`), colour: false };
  const code = await main(['openapi', ...argv], io);
  return { code, out, notes };
}

interface Written {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: object; readonly schemas: object };
}
interface Operation {
  readonly operationId?: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly required?: boolean }[];
  readonly requestBody?: object;
}

/** What was written, once the validator has taken it. */
async function described(...argv: string[]): Promise<Written> {
  const { code, out, notes } = await lintel(...argv);
  expect([code, notes]).toEqual([0, '']);
  await SwaggerParser.validate(JSON.parse(out));
  return JSON.parse(out) as Written;
}

const operationsOf = ({ paths }: Written) =>
  Object.entries(paths).flatMap(([at, item]) =>
    Object.entries(item).map(([method, one]) => [`${method} ${at}`, one.operationId, ...one.security]),
  );

describe.each(['http', 'rest'] as const)('an API from a document (%s)', (kind) => {
  const handlers = () => ({ placeOrder: inline(), listOrders: inline(), getOrder: inline(), 'GET /health': inline() });
  const assembly = synthesized(kind, (stack) => {
    const login = kind === 'http' ? ISSUER : plainFunction(stack, 'Decide');
    new ServerlessApi(stack, 'Api', {
      kind,
      authorizer: 'iam',
      cors: { origins: ['https://shop.example.com'] },
      routes: openApiRoutes(shop(), handlers(), { security: { login }, leftToHandlers: ['bodies'] }),
    });
  });

  test('is described by the same operations, without the preflights of browsers', async () => {
    const document = await described(assembly);
    const [name] = Object.keys(document.components.securitySchemes);
    expect(operationsOf(document)).toEqual([
      ['get /health', undefined],
      ['get /orders', 'listOrders', { [name!]: [] }],
      ['post /orders', 'placeOrder', { [name!]: [] }],
      ['get /orders/{id}', 'getOrder', { [name!]: [] }],
    ]);
    expect(Object.values(document.components.securitySchemes)).toEqual([
      kind === 'http'
        ? {
            type: 'openIdConnect',
            openIdConnectUrl: 'https://login.example.com/.well-known/openid-configuration',
          }
        : { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'custom' },
    ]);
    expect(document.paths['/orders/{id}']!.get!.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    ]);
    expect(document.info.title).toBe('Shop/Api/Api');
  });

  test('is an API of the same routes again', async () => {
    const document = await described(assembly);
    const [name] = Object.keys(document.components.securitySchemes);
    const routes = openApiRoutes(document, handlers(), { security: { [name!]: plainFunction(new Stack(), 'F') } });
    expect(Object.keys(routes).sort()).toEqual(['GET /health', 'GET /orders', 'GET /orders/{id}', 'POST /orders']);
  });
});

test('tells the bodies and parameters that a REST API checks, its keys and its signatures, and routes for all methods', async () => {
  const assembly = synthesized('checked', (stack) => {
    const api = new apigateway.RestApi(stack, 'Rest');
    const model = api.addModel('Order', {
      modelName: 'Order',
      schema: {
        schema: apigateway.JsonSchemaVersion.DRAFT4,
        type: apigateway.JsonSchemaType.OBJECT,
        required: ['id'],
      },
    });
    const resource = api.root.addResource('orders');
    const requestParameters = { 'method.request.querystring.page': true, 'method.request.header.x-shop': false };
    resource.addMethod('POST', undefined, {
      requestModels: { 'application/json': model },
      requestValidatorOptions: { validateRequestBody: true, validateRequestParameters: true },
      requestParameters,
      apiKeyRequired: true,
    });
    resource.addMethod('GET', undefined, {
      requestParameters,
      requestModels: { 'application/json': model },
      authorizationType: apigateway.AuthorizationType.IAM,
    });
    resource.addResource('{proxy+}').addMethod('ANY');
  });
  const document = await described(assembly);
  const { get, post } = document.paths['/orders']!;
  expect(post!.parameters!.map(({ name, required }) => [name, required])).toEqual([
    ['page', true],
    ['x-shop', undefined],
  ]);
  expect(post!.requestBody).toEqual({
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
  });
  expect(document.components.schemas).toEqual({ Order: expect.objectContaining({ required: ['id'] }) as object });
  expect([post!.security, get!.security]).toEqual([[{ key: [] }], [{ iam: [] }]]);
  expect([get!.requestBody, get!.parameters![0]!.required]).toEqual([undefined, undefined]);
  expect(Object.keys(document.paths['/orders/{proxy+}']!)).toEqual(['x-amazon-apigateway-any-method']);
});

describe('where there are several', () => {
  const assembly = synthesized('several', (stack) => {
    for (const id of ['Front', 'Back']) {
      new ServerlessApi(stack, id, { authorizer: 'none', routes: { $default: inline() } });
    }
    new WebSocketApi(stack, 'Socket');
  });

  test('one is chosen by its name', async () => {
    const all = "'Shop/Front/Api', 'Shop/Back/Api'";
    expect(await lintel(assembly)).toEqual({
      code: 2,
      out: '',
      notes: `${assembly} has several APIs: ${all}; choose one with '--api'\n`,
    });
    expect((await lintel(assembly, '--api', 'Shop/Frnt/Api')).notes).toBe(
      `${assembly} has no API 'Shop/Frnt/Api'; did you mean 'Shop/Front/Api'?\n`,
    );
    expect(Object.keys((await described(assembly, '--api', 'Shop/Back/Api')).paths)).toEqual(['/$default']);
  });

  test('it is written to a file, as YAML, under the title and version that are given', async () => {
    const file = path.join(directory, 'api.yaml');
    const named = ['--title', 'Shop', '--version', '2'];
    const { code, out, notes } = await lintel(assembly, '--api', 'Shop/Back/Api', '--out', file, ...named);
    expect([code, out, notes]).toEqual([0, '', `wrote ${file}\n`]);
    expect((parse(readFileSync(file, 'utf8')) as Written).info).toEqual({ title: 'Shop', version: '2' });
    expect((await lintel(assembly, '--api', 'Shop/Back/Api', '--out', '/nowhere/api.json')).notes).toContain(
      'is in a folder that does not exist; create the folder',
    );
  });
});

test('ends with 2 where something is known only at deployment, and says what', async () => {
  const template = path.join(directory, 'open.json');
  const api = { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'shop', ProtocolType: 'HTTP' } };
  const route = (RouteKey: unknown, AuthorizationType: unknown) => ({
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { ApiId: { Ref: 'Api' }, RouteKey, AuthorizationType },
  });
  const Resources = {
    Api: api,
    Kind: route('GET /a', { Ref: 'Kind' }),
    Key: route({ Ref: 'Kind' }, 'NONE'),
    Lost: route('GET /b', 'JWT'),
    Good: route('GET /c', 'NONE'),
  };
  writeFileSync(template, JSON.stringify({ Parameters: { Kind: { Type: 'String' } }, Resources }));
  const { code, out, notes } = await lintel(template);
  expect([code, out]).toEqual([2, '']);
  expect(notes.split('\n').filter(Boolean)).toEqual([
    'open.json/Kind: who may call GET /a is known only at deployment',
    'open.json/Key: its method or path is known only at deployment',
    'open.json/Lost: who may call GET /b is known only at deployment',
  ]);
  const allowed = await lintel(template, '--allow-unread');
  expect([allowed.code, Object.keys((JSON.parse(allowed.out) as Written).paths)]).toEqual([0, ['/c']]);
});

test('takes what an API has in Body as it stands, without how it answers, and adds the methods beside it', async () => {
  const specified = synthesized('specified', (stack) => {
    const uri = `arn:aws:apigateway:${stack.region}:lambda:path/2015-03-31/functions/${plainFunction(stack, 'F').functionArn}/invocations`;
    const answered = { 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri } };
    const apiDefinition = apigateway.ApiDefinition.fromInline({
      openapi: '3.0.1',
      info: { title: 'Orders', version: '7' },
      paths: {
        '/a': {
          get: {
            operationId: 'read',
            responses: { 200: { description: 'One' } },
            security: [{ Sig: [] }],
            ...answered,
          },
          post: { operationId: 'write', ...answered },
          options: { 'x-amazon-apigateway-integration': { type: 'mock' } },
        },
      },
      components: {
        schemas: { Order: { type: 'object' } },
        securitySchemes: {
          Sig: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
        },
      },
      'x-amazon-apigateway-policy': { Statement: [] },
    });
    const api = new apigateway.SpecRestApi(stack, 'Spec', { apiDefinition });
    api.root.addResource('b').addMethod('GET', new apigateway.MockIntegration());
  });
  const document = await described(specified);
  expect([document.openapi, document.info]).toEqual(['3.0.1', { title: 'Orders', version: '7' }]);
  expect(Object.entries(document.paths).map(([at, item]) => [at, ...Object.keys(item)])).toEqual([
    ['/a', 'get', 'post'],
    ['/b', 'get'],
  ]);
  expect(document.paths['/a']).toEqual({
    get: { operationId: 'read', responses: { 200: { description: 'One' } }, security: [{ Sig: [] }] },
    post: { operationId: 'write', responses: { default: { description: 'What the handler answers' } } },
  });
  expect(document.components.schemas).toEqual({ Order: { type: 'object' } });
  expect(JSON.stringify(document)).not.toMatch(/integration|policy/);
  expect(JSON.stringify(document.components.securitySchemes)).toContain('awsSigv4');
});

test('says of a Body what of it is known only at deployment, and that Swagger 2.0 is to be converted', async () => {
  const specified = (name: string, definition: object) =>
    synthesized(name, (stack) => {
      const apiDefinition = apigateway.ApiDefinition.fromInline({ ...definition, paths: { '/a': { get: {} } } });
      new apigateway.SpecRestApi(stack, 'Spec', { apiDefinition });
    });
  const info = { title: { Ref: 'AWS::StackName' }, version: '1' };
  expect(await lintel(specified('open', { openapi: '3.0.1', info }))).toEqual({
    code: 2,
    out: '',
    notes: "Shop/Spec: 'info.title' of its 'Body' is known only at deployment\n",
  });
  expect((await lintel(specified('swagger', { swagger: '2.0' }))).notes).toBe(
    "Shop/Spec: its 'Body' is Swagger 2.0, which is to be converted first\n",
  );
});

test('says that there is no API, or that one has no routes', async () => {
  const empty = synthesized('empty', (stack) => new HttpApi(stack, 'Http') && undefined);
  expect((await lintel(empty)).notes).toBe('Shop/Http: has no route\n');
  const none = synthesized('none', () => undefined);
  expect((await lintel(none)).notes).toContain('has no HTTP or REST API; name an assembly or a template that has one');
});
