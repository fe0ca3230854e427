import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { ApiKind, ServerlessApiProps } from 'lintel/aws';
import { type LocalRun, runLocally } from 'lintel/testing';
import { apiOf, inline, stackOf } from './serverless-apis';

const ARN = 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/a1b2';
const BODY = {
  type: 'object',
  required: ['sku', 'count'],
  additionalProperties: false,
  properties: {
    sku: { type: 'string', pattern: '^[A-Z]+$' },
    count: { type: 'integer', minimum: 0, exclusiveMinimum: true, maximum: 10 },
    size: { type: 'array', items: [{ type: 'number' }, { enum: ['cm', 'in'] }], additionalItems: false },
  },
};
const routeOf = (validate: NonNullable<object>) => ({ routes: { 'POST /orders': { ...inline(), validate } } });

describe('a web application firewall', () => {
  test('judges every request to the stage of a REST API, by its ARN or itself', () => {
    const stack = stackOf();
    const acl = new CfnWebACL(stack, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: { cloudWatchMetricsEnabled: true, metricName: 'shop', sampledRequestsEnabled: true },
    });
    const { template, api } = apiOf({ kind: 'rest', firewall: acl }, stack);
    template().hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: stack.resolve((api.stage as Stage).stageArn),
      WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] },
    });
    const named = apiOf({ kind: 'rest', firewall: ARN });
    named.template().hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: ARN });
  });

  test.each<[string, ApiKind, Partial<ServerlessApiProps>, string]>([
    [
      'of an HTTP API',
      'http',
      { firewall: ARN },
      `'firewall' must not be given for an HTTP API, which AWS WAF does not protect, got '${ARN}'; set 'kind' to 'rest', or put CloudFront with the firewall in front of a 'domain' of the API (Shop/Api)`,
    ],
    [
      'for CloudFront',
      'rest',
      { firewall: ARN.replace('regional', 'global') },
      "'firewall' must be the ARN of a regional web ACL",
    ],
  ])('refuses one %s', (_, kind, props, message) => {
    expect(() => apiOf({ kind, ...props })).toThrow(message);
  });

  test('refuses a web ACL made for CloudFront', () => {
    const stack = stackOf();
    const visibilityConfig = { cloudWatchMetricsEnabled: true, metricName: 'shop', sampledRequestsEnabled: true };
    const firewall = new CfnWebACL(stack, 'Acl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig,
    });
    expect(() => apiOf({ kind: 'rest', firewall }, stack)).toThrow(
      "'firewall' must have the scope 'REGIONAL': one for CloudFront does not protect an API, got 'CLOUDFRONT'",
    );
  });
});

describe('validation of requests', () => {
  test('is a model for bodies of every content type, and required parameters', () => {
    const { template } = apiOf({
      kind: 'rest',
      ...routeOf({ body: BODY, query: ['dry'], headers: ['idempotency-key'] }),
    });
    template().hasResourceProperties('AWS::ApiGateway::Model', {
      ContentType: 'application/json',
      Schema: { $schema: 'http://json-schema.org/draft-04/schema#', ...BODY },
    });
    const [model] = Object.keys(template().findResources('AWS::ApiGateway::Model'));
    template().hasResourceProperties('AWS::ApiGateway::Method', {
      RequestModels: { $default: { Ref: model } },
      RequestParameters: { 'method.request.querystring.dry': true, 'method.request.header.idempotency-key': true },
    });
  });

  test('that changes is deployed', () => {
    const deploymentOf = (body: object) =>
      Object.keys(
        apiOf({ kind: 'rest', ...routeOf({ body }) })
          .template()
          .findResources('AWS::ApiGateway::Deployment'),
      );
    expect(deploymentOf({ type: 'object' })).not.toEqual(deploymentOf({ type: 'object', required: ['sku'] }));
  });

  test.each<[string, object, string]>([
    [
      'a word of a later draft',
      { body: { properties: { kind: { const: 'a' } } } },
      "'routes.POST /orders.validate.body.properties.kind.const' must not be in a schema for API Gateway, whose models are JSON Schema draft 4; write { enum: [value] } (Shop/Api)",
    ],
    [
      'a bound of a later draft',
      { body: { items: { exclusiveMinimum: 5 } } },
      "'routes.POST /orders.validate.body.items.exclusiveMinimum' must be true or false in JSON Schema draft 4; write { minimum: 5, exclusiveMinimum: true } (Shop/Api)",
    ],
    ['a type that is none', { body: { type: 'text' } }, 'must be one or more of array, boolean'],
    [
      'a schema of true',
      { body: { anyOf: [true] } },
      "/orders.validate.body.anyOf.0' must be an object: API Gateway models are",
    ],
    ['another draft', { body: { $schema: 'https://json-schema.org/draft/2020-12/schema' } }, 'must be draft 4'],
    ['a schema elsewhere', { body: { $ref: 'https://x.example.com/a.json' } }, "must start with '#/'"],
    ['a value twice', { body: { enum: ['a', 'a'] } }, 'must be a non-empty list of distinct values'],
    ['nothing required', { body: { required: [] } }, 'must be a non-empty list of names in JSON Schema draft 4'],
    ['a schema that says nothing', { body: {} }, "'routes.POST /orders.validate.body' must constrain the body"],
    ['a name with a blank', { headers: ['X Y'] }, "must be a name without blanks, got 'X Y'"],
    ['the name of another framework', { schema: {} }, "write 'body'"],
  ])('refuses %s', (_, validate, message) => {
    expect(() => apiOf({ kind: 'rest', ...routeOf(validate) })).toThrow(message);
  });

  test('refuses it for a route of an HTTP API', () => {
    expect(() => apiOf(routeOf({ query: ['page'] }))).toThrow(
      "'routes.POST /orders.validate' must not be given for an HTTP API, which validates no requests, got { query: ['page'] }; set 'kind' to 'rest', or validate in the handler (Shop/Api)",
    );
  });
});

describe('an API that validates, run locally', () => {
  let run: LocalRun;
  beforeAll(async () => {
    const handler = { code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 });') };
    const { api } = apiOf({
      kind: 'rest',
      authorizer: 'none',
      firewall: ARN,
      routes: {
        'POST /orders': { ...handler, validate: { body: BODY, query: ['dry'], headers: ['idempotency-key'] } },
      },
    });
    run = await runLocally(api);
  });
  afterAll(() => run.stop());
  const ask = async (body: object | undefined, query = '?dry=1', type = 'application/json') => {
    const headers = { 'content-type': type, ...(query && { 'idempotency-key': 'a' }) };
    return (await fetch(`${run.url}/orders${query}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };

  test('takes what is valid and refuses what is not, whatever the content type', async () => {
    expect(await ask({ sku: 'A', count: 1, size: [2, 'cm'] })).toBe(200);
    const refused = [
      await ask({ sku: 'A', count: 0 }),
      await ask({ sku: 'a', count: 1 }),
      await ask({ sku: 'A', count: 1, size: [2, 'ft'] }),
      await ask({ sku: 'A', count: 1, size: [2, 'cm', 3] }),
      await ask({ sku: 'A', count: 0 }, '?dry=1', 'text/plain'),
      await ask(undefined),
      await ask({ sku: 'A', count: 1 }, ''),
    ];
    expect(refused).toEqual(refused.map(() => 400));
  });

  test('says before the first request that its firewall judges nothing', () => {
    expect(run.unsupported.map(({ type }) => type)).toContain('AWS::WAFv2::WebACLAssociation');
  });
});
