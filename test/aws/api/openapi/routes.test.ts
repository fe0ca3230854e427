import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { Template } from 'aws-cdk-lib/assertions';
import { openApiRoutes, type OpenApiRoutesOptions, ServerlessApi } from 'lintel/aws';
import { inline, ISSUER, plainFunction, stackOf } from '../../../patterns/aws/serverless-apis';
import { WRONG_VALUES } from '../../../wrong-values';
import { secured, shop, single } from './documents';

const H = 'test/aws/mistakes/handler.ts';
const HANDLERS = { placeOrder: H, listOrders: H, getOrder: H, 'GET /health': H };
const OPTIONS: OpenApiRoutesOptions = { security: { login: ISSUER }, leftToHandlers: ['bodies'] };
const folder = mkdtempSync(path.join(tmpdir(), 'lintel-openapi-'));
afterAll(() => rmSync(folder, { recursive: true }));

function messagesOf(make: () => unknown): string[] {
  try {
    make();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

const one = (document: object, options: OpenApiRoutesOptions = {}) =>
  openApiRoutes(document, { listOrders: H }, options);

describe('routes of a document', () => {
  test('are its operations with their handlers, and who may call them', () => {
    expect(openApiRoutes(shop(), HANDLERS, OPTIONS)).toEqual({
      'POST /orders': { handler: H, authorizer: ISSUER },
      'GET /orders': { handler: H, authorizer: ISSUER },
      'GET /orders/{id}': { handler: H, authorizer: ISSUER },
      'GET /health': { handler: H, authorizer: 'none' },
    });
  });

  test.each([
    ['YAML', 'shop.yaml', stringify],
    ['JSON', 'shop.json', (value: unknown) => JSON.stringify(value)],
  ])('are read from a file of %s', (_, name, write) => {
    const file = path.join(folder, name);
    writeFileSync(file, write(shop()));
    expect(Object.keys(openApiRoutes(file, HANDLERS, OPTIONS))).toHaveLength(4);
  });

  test.each(['http', 'rest'] as const)('become an API in which each has its operation name (%s)', (kind) => {
    const stack = stackOf();
    const shared = inline();
    const decide = plainFunction(stack, 'Decide');
    const handlers = { placeOrder: shared, listOrders: shared, getOrder: inline(), 'GET /health': inline() };
    const routes = openApiRoutes(shop(), handlers, { ...OPTIONS, security: { login: decide } });
    const api = new ServerlessApi(stack, 'Api', { kind, authorizer: 'iam', routes });
    expect(api.functions['POST /orders']).toBe(api.functions['GET /orders']);
    const type = kind === 'http' ? 'AWS::ApiGatewayV2::Route' : 'AWS::ApiGateway::Method';
    const made = Object.values(Template.fromStack(stack).findResources(type)).map(({ Properties }) => Properties);
    const said = made.map(({ OperationName, AuthorizationType }) => `${OperationName} ${AuthorizationType}`);
    expect(said.sort()).toEqual(['getOrder CUSTOM', 'listOrders CUSTOM', 'placeOrder CUSTOM', 'undefined NONE']);
  });

  test("are of the API's authorizer where the document says nothing, unless the handler names one", () => {
    const own = { code: inline().code, authorizer: 'iam' as const };
    expect(openApiRoutes(single({}), { listOrders: own })).toEqual({
      'GET /orders': { handler: { code: own.code }, authorizer: 'iam' },
    });
    expect(one(single({}))).toEqual({ 'GET /orders': { handler: H, authorizer: undefined } });
  });

  test('begin with the path of a server, or do not, as is said', () => {
    const served = (url: string, variables?: object) => single({}, { servers: [{ url, variables }] });
    expect(Object.keys(one(served('https://api.example.com/v1/'), { basePath: '/v1' }))).toEqual(['GET /v1/orders']);
    expect(Object.keys(one(served('/{stage}', { stage: { default: 'live' } }), { basePath: '/' }))).toEqual([
      'GET /orders',
    ]);
    expect(Object.keys(one(served('https://api.example.com')))).toEqual(['GET /orders']);
    expect(messagesOf(() => one(served('https://api.example.com/v1')))).toEqual([
      "'servers' must have no path without 'basePath', got ['/v1']; set 'basePath' to '/v1', or to '/' if the stage or the domain adds it (Shop)",
    ]);
    expect(messagesOf(() => one(served('/v1'), { basePath: '/v2' }))).toEqual([
      "'basePath' must be '/' or the path of a server of the document, got '/v2'; use '/' or '/v1' (Shop)",
    ]);
  });
});

describe('a REST API checks what its document says', () => {
  const bodyOf = (schema: object, more: object = {}) =>
    single(
      {
        requestBody: { required: true, content: { 'application/json': { schema } } },
        parameters: [
          { name: 'dry', in: 'query', required: true, schema: { type: 'string' } },
          { name: 'x-shop', in: 'header', required: true },
          { name: 'page', in: 'query' },
        ],
      },
      more,
    );
  const validateOf = (document: object) =>
    (one(document, { kind: 'rest' })['GET /orders'] as { readonly validate: object }).validate;

  test('bodies in the words of draft 4, with what they refer to, and needed parameters', () => {
    const schemas = {
      Sku: { type: 'string', nullable: true, example: 'A' },
      Order: {
        type: 'object',
        required: ['id', 'sku'],
        properties: { id: { type: 'string', readOnly: true }, sku: { $ref: '#/components/schemas/Sku' } },
      },
    };
    expect(validateOf(bodyOf({ $ref: '#/components/schemas/Order' }, { components: { schemas } }))).toEqual({
      query: ['dry'],
      headers: ['x-shop'],
      body: {
        $ref: '#/definitions/Order',
        definitions: {
          Sku: { type: ['string', 'null'] },
          Order: {
            type: 'object',
            required: ['sku'],
            properties: { id: { type: 'string' }, sku: { $ref: '#/definitions/Sku' } },
          },
        },
      },
    });
    const later = { properties: { a: { const: 1 }, b: { exclusiveMinimum: 5, minimum: 2 }, c: true } };
    expect(validateOf({ ...bodyOf(later), openapi: '3.1.0' })).toMatchObject({
      body: { properties: { a: { enum: [1] }, b: { minimum: 5, exclusiveMinimum: true }, c: {} } },
    });
  });

  test('and is made with them, where an HTTP API refuses them', () => {
    const routes = openApiRoutes(bodyOf({ type: 'object' }), { listOrders: inline() }, { kind: 'rest' });
    const stack = stackOf();
    new ServerlessApi(stack, 'Api', { kind: 'rest', authorizer: 'iam', routes });
    Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::Model', { Schema: { type: 'object' } });
    expect(() => new ServerlessApi(stack, 'Http', { authorizer: 'iam', routes })).toThrow(
      "'routes.GET /orders.validate' must not be given for an HTTP API, which validates no requests",
    );
  });

  test('beside what the handler says of its route', () => {
    const { code } = inline();
    const said = { apiKey: false, validate: { headers: ['x-day'] } };
    const expected = { validate: { ...said.validate, query: ['dry'], body: { type: 'object' } }, apiKey: false };
    for (const handler of [
      { handler: H, ...said },
      { code, ...said },
    ]) {
      const made = openApiRoutes(bodyOf({ type: 'object' }), { listOrders: handler }, { kind: 'rest' });
      expect(made['GET /orders']).toMatchObject({ handler: 'code' in handler ? { code } : H, ...expected });
    }
  });

  test('two schemas of like names as two', () => {
    const schemas = { 'a.b': { type: 'string' }, a_b: { type: 'number' } };
    const refs = ['a.b', 'a_b'].map((name) => ({ $ref: `#/components/schemas/${name}` }));
    expect(validateOf(bodyOf({ items: refs, anyOf: refs }, { components: { schemas } }))).toMatchObject({
      body: { definitions: { a_b: { type: 'string' }, a_b_1: { type: 'number' } } },
    });
  });

  const itself = { type: 'object', properties: { child: { $ref: '#/components/schemas/Tree' } } };
  const json = (schema: object, required = true) => ({ required, content: { 'application/json': { schema } } });
  test.each<[string, object, string]>([
    [
      'a word that draft 4 lacks',
      { requestBody: json({ if: {}, then: {} }) },
      "requestBody.if' must not be in a schema",
    ],
    ['a body that may be left out', { requestBody: json({ type: 'object' }, false) }, "must be 'required'"],
    ['a form', { requestBody: { required: true, content: { 'text/csv': {} } } }, 'must be JSON only'],
    ['a body without a schema', { requestBody: json({}) }, 'must have a schema'],
    [
      'a body that holds itself',
      { requestBody: json({ $ref: '#/components/schemas/Tree' }) },
      'must not contain itself',
    ],
    [
      'a parameter of a type',
      { parameters: [{ name: 'page', in: 'query', required: true, schema: { type: 'integer' } }] },
      "must be unconstrained text in the query, a header or the path, since the API checks only its presence, got ['page']",
    ],
    [
      'a cookie',
      { parameters: [{ name: 'sid', in: 'cookie', required: true }] },
      'must be unconstrained text in the query',
    ],
  ])('and refuses %s, which it cannot', (_, operation, message) => {
    const document = single(operation, { components: { schemas: { Tree: itself } } });
    const said = messagesOf(() => one(document, { kind: 'rest' }));
    expect(said.join()).toContain(message);
    expect(said.join()).toContain('leftToHandlers');
    expect(messagesOf(() => one(document, { kind: 'rest', leftToHandlers: ['bodies', 'parameters'] }))).toEqual([]);
  });
});

describe('refuses', () => {
  test('operations without a handler and handlers without an operation, all at once', () => {
    expect(messagesOf(() => openApiRoutes(shop(), { placeOrders: H, 'POST /orders/{id}': H }, OPTIONS))).toEqual([
      "'handlers.placeOrder' must be given, since the document has the operation; add a handler for POST /orders (Shop)",
      "'handlers.listOrders' must be given, since the document has the operation; add a handler for GET /orders (Shop)",
      "'handlers.getOrder' must be given, since the document has the operation; add a handler for GET /orders/{id} (Shop)",
      "'handlers.GET /health' must be given, since the document has the operation; add a handler for GET /health (Shop)",
      "'handlers.placeOrders' must be an operation of the document, which has none by this name; did you mean 'placeOrder'? (Shop)",
      "'handlers.POST /orders/{id}' must be an operation of the document, which has none by this name; did you mean 'GET /orders/{id}'? (Shop)",
    ]);
  });

  test('a handler by both names of an operation, and an authorizer said twice', () => {
    const handler = { handler: H, authorizer: 'iam' as const };
    const twice = { listOrders: H, 'GET /orders': handler };
    expect(messagesOf(() => openApiRoutes(single({}), twice)).join()).toContain(
      "'handlers.GET /orders' must not be given with 'listOrders', the same operation; keep one",
    );
    expect(messagesOf(() => openApiRoutes(single({ security: [] }), { listOrders: handler }))).toEqual([
      "'handlers.listOrders.authorizer' must not be given when the document has 'security'; say it in one place (Shop)",
    ]);
  });

  test.each<[string, object, string]>([
    [
      'bodies that nothing checks',
      single({ requestBody: { content: { 'application/json': {} } } }),
      "'GET /orders.requestBody' must not be given, since the API accepts any body, got ['application/json']; check it in the handlers, and declare that: leftToHandlers: ['bodies'] (Shop)",
    ],
    [
      'parameters that nothing checks',
      single({ parameters: [{ name: 'x-shop', in: 'header', required: true, schema: { type: 'string' } }] }),
      "'GET /orders.parameters' must not be constrained, since the API checks no parameters, got ['x-shop']; check it in the handlers, and declare that: leftToHandlers: ['parameters'] (Shop)",
    ],
    [
      'parameters of a type',
      single({ parameters: [{ name: 'page', in: 'query', schema: { type: 'integer' } }] }),
      "'GET /orders.parameters' must not be constrained, since the API checks no parameters, got ['page']; check it in the handlers, and declare that: leftToHandlers: ['parameters'] (Shop)",
    ],
    [
      'callbacks',
      single({ callbacks: { paid: {} } }),
      "'GET /orders.callbacks' must be called by the handlers, since the API makes no calls, got ['paid']; call them there, and declare that: leftToHandlers: ['callbacks'] (Shop)",
    ],
    [
      'webhooks',
      single({}, { webhooks: { paid: {} } }),
      "'webhooks' must be called by the handlers, since the API makes no calls, got ['paid']; call them there, and declare that: leftToHandlers: ['callbacks'] (Shop)",
    ],
    [
      'servers of an operation',
      single({ servers: [{ url: 'https://files.example.com' }] }),
      "'paths./orders.get.servers' must be those of the document; take it out of the document of this API, or drop its 'servers' (Shop)",
    ],
    [
      'settings of API Gateway',
      single({ 'x-amazon-apigateway-integration': { uri: 'x' } }),
      "'x-amazon-apigateway-integration' must not be given, since nothing reads it; remove it from the document; what it sets is a prop of the API, or of its route (Shop)",
    ],
    [
      'a scheme for which nobody is named',
      secured({ type: 'http', scheme: 'bearer' }),
      "'security.login' must have an authorizer, got 'http bearer'; add it: security: { 'login': { issuer, audience } }, 'iam' or a function (Shop)",
    ],
    [
      'references to elsewhere',
      single({ parameters: [{ $ref: 'https://example.com/p.yaml' }, { $ref: '#/components/parameters/lost' }] }),
      "'$ref' must begin with '#/', a place in the document itself, got 'https://example.com/p.yaml'; bundle the document first, so that nothing is fetched when the app is synthesized (Shop)\n'$ref' must refer to something in the document, got '#/components/parameters/lost'; correct it, or add what it names (Shop)",
    ],
    [
      'references in a circle',
      single(
        { parameters: [{ $ref: '#/components/parameters/a' }] },
        { components: { parameters: { a: { $ref: '#/components/parameters/a' } } } },
      ),
      "'paths./orders.get.parameters' must refer to an object; correct its reference, which leads nowhere or to itself (Shop)",
    ],
    [
      'methods that API Gateway lacks',
      single({}, { paths: { '/orders': { gett: {}, trace: {} }, orders: { get: { operationId: 'listOrders' } } } }),
      "'paths./orders.gett' must be a method that API Gateway has, in lower case; did you mean 'get'? (Shop)\n'paths./orders.trace' must be a method that API Gateway has, in lower case; remove it (Shop)\n'paths.orders' must start with '/', got 'orders'; write '/orders' (Shop)",
    ],
    [
      'an id of two operations, and one that is too long',
      single({}, { paths: { '/orders': { get: { operationId: 'listOrders' }, put: { operationId: 'listOrders' } } } }),
      "'PUT /orders.operationId' must be unique, but 'GET /orders' has it too, got 'listOrders'; give each operation its own id (Shop)",
    ],
    [
      'a document without operations',
      single({}, { paths: {} }),
      "'paths' must have an operation; describe what the API does (Shop)\n'handlers.listOrders' must be an operation of the document, which has none by this name; describe it in the document, or remove it (Shop)",
    ],
    [
      'Swagger',
      { swagger: '2.0' },
      "'document' must be OpenAPI 3.0 or 3.1, got '2.0'; convert it to OpenAPI 3 first (OpenAPI)",
    ],
    [
      'OpenAPI 3.2',
      { openapi: '3.2.0' },
      "'document' must be OpenAPI 3.0 or 3.1, got '3.2.0'; give an OpenAPI document, whose first line is openapi: 3.1.0 (OpenAPI)",
    ],
  ])('%s', (_, document, message) => {
    expect(messagesOf(() => one(document))).toEqual(message.split('\n'));
  });

  const bearer = { type: 'http', scheme: 'bearer' };
  const stack = stackOf();
  test.each<[string, object, OpenApiRoutesOptions['security'], string]>([
    [
      'a key that no authorizer reads',
      secured({ type: 'apiKey', in: 'header', name: 'x-api-key' }),
      { login: plainFunction(stack, 'A') },
      "must be sent in the header 'Authorization', the only one that an authorizer of the API reads",
    ],
    ['a certificate', secured({ type: 'mutualTLS' }), { login: ISSUER }, "must be sent in the header 'Authorization'"],
    ["'none' for a scheme", secured(bearer), { login: 'none' }, "must not be 'none', which checks nothing"],
    [
      'a signature for tokens',
      secured(bearer),
      { login: 'iam' },
      "must be an API key in the header 'Authorization' for 'iam', as AWS writes signatures",
    ],
    [
      'tokens for a password',
      secured({ type: 'http', scheme: 'basic' }),
      { login: ISSUER },
      'must be of type oauth2, openIdConnect or http with bearer for an issuer of tokens',
    ],
    [
      'a choice of two',
      secured(bearer, [{ login: [] }, { other: [] }], { other: bearer }),
      { login: ISSUER, other: plainFunction(stack, 'B') },
      'must name one scheme, since a route has one authorizer',
    ],
    [
      'a choice of nobody',
      secured(bearer, [{ login: [] }, {}]),
      { login: ISSUER },
      'must not be optional, since API Gateway authorizes every call or none',
    ],
    [
      'scopes of which all are needed',
      secured({ type: 'oauth2', flows: {} }, [{ login: ['orders', 'all'] }]),
      { login: ISSUER },
      "must require one scope, and 'security' none, since API Gateway accepts any one of several",
    ],
    [
      'an authorizer of no scheme',
      secured(bearer),
      { login: ISSUER, logon: 'iam' },
      "must be a security scheme of the document; use one of 'login'",
    ],
    [
      'a scheme that is not described',
      single({ security: [{ login: [] }] }),
      {},
      "must be a security scheme of the document; add it to 'components.securitySchemes'",
    ],
  ])('%s', (_, document, security, message) => {
    const said = messagesOf(() => one(document, { security }));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(message);
  });

  test('a name that stands twice in a file, and a file that is not there', () => {
    const file = path.join(folder, 'twice.json');
    writeFileSync(file, '{ "openapi": "3.0.3", "openapi": "3.1.0" }');
    expect(messagesOf(() => openApiRoutes(file, {}))[0]).toMatch(
      /^'document' must be YAML or JSON \(Map keys must be unique/,
    );
    expect(messagesOf(() => openApiRoutes('lost.yaml', {}))).toEqual([
      "'document' must be an existing file, got 'lost.yaml'; give its path relative to the working directory (lost.yaml)",
    ]);
  });

  test.each(Object.entries(WRONG_VALUES))('%s in place of any argument, by a message', (_, wrong) => {
    const calls: (readonly unknown[])[] = [
      [wrong(), HANDLERS, OPTIONS],
      [shop(), wrong(), OPTIONS],
      [shop(), HANDLERS, { ...OPTIONS, security: wrong() }],
      [shop(), HANDLERS, { ...OPTIONS, security: { login: wrong() } }],
      [shop(), HANDLERS, { ...OPTIONS, basePath: wrong() }],
      [shop(), HANDLERS, { ...OPTIONS, leftToHandlers: wrong() }],
      [shop({ paths: wrong() }), HANDLERS, OPTIONS],
      [shop({ paths: { '/orders': wrong() } }), {}, OPTIONS],
      [shop({ paths: { '/orders': { get: wrong() } } }), {}, OPTIONS],
    ];
    for (const call of calls) {
      const make = () => (openApiRoutes as (...args: readonly unknown[]) => unknown)(...call);
      expect(make).toThrow(expect.objectContaining({ name: 'PatternError' }));
    }
  });

  test('an option that does not exist', () => {
    expect(messagesOf(() => one(single({}), { basepath: '/' } as never))).toEqual([
      "'basepath' must not be given, since nothing reads it; did you mean 'basePath'? (OpenAPI)",
    ]);
  });
});

test('accepts one function for schemes of which it looks at each, one scope, and what is left to the handlers', () => {
  const decide = plainFunction(stackOf(), 'Decide');
  const bearer = { type: 'http', scheme: 'bearer' };
  const both = secured(bearer, [{ login: ['orders'] }, { other: [] }], { other: bearer });
  expect(one(both, { security: { login: decide, other: decide } })['GET /orders']).toEqual({
    handler: H,
    authorizer: decide,
  });
  const all = single({
    requestBody: {},
    callbacks: { a: {} },
    parameters: [{ name: 'p', in: 'cookie', required: true }],
  });
  expect(Object.keys(one(all, { leftToHandlers: ['bodies', 'callbacks', 'parameters'] }))).toEqual(['GET /orders']);
  const signed = secured({
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  });
  expect(one(signed, { security: { login: 'iam' } })['GET /orders']).toEqual({ handler: H, authorizer: 'iam' });
});
