import { ApiKey } from 'aws-cdk-lib/aws-apigateway';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { ApiKind, ServerlessApiProps } from 'lintel/aws';
import { type LocalRun, runLocally } from 'lintel/testing';
import { judge } from '../../aws/packs';
import { apiOf, inline, stackOf } from './serverless-apis';

const QUOTA = { limit: 2, period: 'day' } as const;
const routes = { 'GET /a': inline(), 'GET /open': { ...inline(), apiKey: false } };

describe('usage plans', () => {
  test('have keys, of which every route asks for one, but for those that say otherwise', () => {
    const stack = stackOf();
    const old = ApiKey.fromApiKeyId(stack, 'Old', 'abc123');
    const { api, template } = apiOf(
      {
        kind: 'rest',
        cors: { origins: ['https://shop.example.com'] },
        usagePlans: {
          free: { keys: ['acme'], throttle: { rate: 5, burst: 10 }, quota: QUOTA },
          gold: { keys: [old] },
        },
        routes,
      },
      stack,
    );
    const of = (type: string) => Object.values(template().findResources(type)).map(({ Properties }) => Properties);
    const methods = of('AWS::ApiGateway::Method').map(({ HttpMethod, ApiKeyRequired }) => [HttpMethod, ApiKeyRequired]);
    expect(methods).toEqual([
      ['OPTIONS', false],
      ['OPTIONS', false],
      ['GET', true],
      ['OPTIONS', false],
      ['GET', undefined],
    ]);
    expect(of('AWS::ApiGateway::UsagePlan')).toMatchObject([
      {
        Description: 'free of Shop/Api',
        ApiStages: [{ ApiId: { Ref: expect.any(String) }, Stage: { Ref: expect.any(String) } }],
        Throttle: { RateLimit: 5, BurstLimit: 10 },
        Quota: { Limit: 2, Period: 'DAY' },
      },
      { Description: 'gold of Shop/Api' },
    ]);
    const made = { Ref: stack.getLogicalId(api.apiKeys.acme!.node.defaultChild as never) };
    expect(of('AWS::ApiGateway::UsagePlanKey').map(({ KeyId }) => KeyId)).toEqual([made, 'abc123']);
    expect(of('AWS::ApiGateway::ApiKey')).toEqual([{ Description: 'acme of Shop/Api', Enabled: true }]);
    expect(JSON.stringify(of('AWS::ApiGateway::Method'))).toContain('authorization,content-type,x-api-key');
    expect(Object.keys(api.apiKeys)).toEqual(['acme', 'Old']);
  });

  test('are no authorizer: a route that asks nobody else is public, and found so behind the back of the pattern', () => {
    const usagePlans = { free: { keys: ['acme'] } };
    const { api, stack } = apiOf({ kind: 'rest', authorizer: 'none', usagePlans, routes: { 'GET /a': inline() } });
    expect(Object.keys(judge(stack).acknowledged).filter((id) => id.includes('APIG4'))).toHaveLength(1);
    const other = apiOf({ kind: 'rest', authorizer: 'iam', usagePlans, routes: { 'GET /a': inline() } });
    (other.api.route('GET /a').node.defaultChild as { authorizationType?: string }).authorizationType = 'NONE';
    expect(other.stack).not.toPassRules();
    expect(api.apiKeys).toHaveProperty('acme');
  });

  test.each<[string, ApiKind, Partial<ServerlessApiProps>, string]>([
    [
      'of an HTTP API',
      'http',
      { usagePlans: { free: { keys: ['acme'] } } },
      "'usagePlans' must not be given for an HTTP API, which has no API keys, got { free: { keys: ['acme'] } }; set 'kind' to 'rest' (Shop/Api)",
    ],
    [
      'a route of an HTTP API that asks for a key',
      'http',
      { routes: { 'GET /a': { ...inline(), apiKey: true } } },
      "'routes.GET /a.apiKey' must not be given for an HTTP API, which has no API keys, got true; set 'kind' to 'rest' (Shop/Api)",
    ],
    [
      'a route that asks for a key of no plan',
      'rest',
      { routes: { 'GET /a': { ...inline(), apiKey: true } } },
      "'routes.GET /a.apiKey' must not be true without 'usagePlans': a key is valid only within a plan, so every call would be refused, got true",
    ],
    [
      'plans that no route asks for',
      'rest',
      { usagePlans: { free: { keys: ['acme'] } }, routes: { 'GET /a': { ...inline(), apiKey: false } } },
      "'usagePlans' must apply to a route, but every route has 'apiKey: false', got ['free']",
    ],
    ['no plan', 'rest', { usagePlans: {} }, "'usagePlans' must have at least one plan, got []"],
    [
      'no key',
      'rest',
      { usagePlans: { free: { keys: [] } } },
      "'usagePlans.free.keys' must have at least one key, got 0",
    ],
    [
      'a key in two plans',
      'rest',
      { usagePlans: { free: { keys: ['acme'] }, gold: { keys: ['acme'] } } },
      "'usagePlans.gold.keys' must not have a key that is already in 'free': API Gateway allows a key one plan per API, got 'acme'; keep it in one of them (Shop/Api)",
    ],
    [
      'more than the whole API takes',
      'rest',
      { usagePlans: { free: { keys: ['acme'], throttle: { rate: 1001, burst: 10 } } } },
      "'usagePlans.free.throttle.rate' must be at most 1000, the limit of the whole API, got 1001; lower it, or raise the API's 'throttle.rate' (Shop/Api)",
    ],
    [
      'a quota of nothing',
      'rest',
      { usagePlans: { free: { keys: ['acme'], quota: { limit: 0, period: 'day' } } } },
      "'usagePlans.free.quota.limit' must be a whole number of requests, 1 or more, got 0",
    ],
  ])('refuses %s', (_, kind, props, message) => {
    expect(() => apiOf({ kind, ...props })).toThrow(message);
  });
});

describe('an API with usage plans, run locally', () => {
  const ok = { code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 });') };
  let run: LocalRun;
  let key: (name: string) => string;
  beforeAll(async () => {
    const stack = stackOf();
    const { api } = apiOf(
      {
        kind: 'rest',
        authorizer: 'none',
        usagePlans: {
          free: { keys: ['acme', 'initech'], quota: QUOTA },
          slow: { keys: ['globex'], throttle: { rate: 0.01, burst: 1 } },
          gold: { keys: [ApiKey.fromApiKeyId(stack, 'Old', 'abc123')] },
        },
        routes: { 'GET /a': ok, 'GET /open': { ...ok, apiKey: false } },
      },
      stack,
    );
    run = await runLocally(api);
    key = (name) => run.nameOf(api.apiKeys[name]!);
  });
  afterAll(() => run.stop());
  const ask = async (path: string, apiKey?: string) => {
    const { status } = await fetch(run.url + path, { headers: apiKey === undefined ? {} : { 'x-api-key': apiKey } });
    return status;
  };

  test('refuses calls without a key, with another, and beyond the quota or the throttle of the key', async () => {
    expect([await ask('/open'), await ask('/a'), await ask('/a', 'wrong')]).toEqual([200, 403, 403]);
    const acme = [await ask('/a', key('acme')), await ask('/a', key('acme')), await ask('/a', key('acme'))];
    expect(acme).toEqual([200, 200, 429]);
    expect(await ask('/a', key('initech'))).toBe(200);
    expect([await ask('/a', key('globex')), await ask('/a', key('globex'))]).toEqual([200, 429]);
    expect(await ask('/a', 'abc123')).toBe(200);
  });
});
