import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as rest from 'aws-cdk-lib/aws-apigateway';
import * as http from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type ExistingApi, ServerlessApi, type ServerlessApiProps } from 'lintel/aws';
import { runLocally } from 'lintel/testing';
import { inline, ISSUER, plainFunction, stackOf } from './serverless-apis';

const answering = (body: string) => ({
  code: Code.fromInline(`exports.handler = async () => ({ statusCode: 200, body: '${body}' });`),
});

const add = (stack: Stack, api: ExistingApi, more: Partial<ServerlessApiProps> = {}) =>
  new ServerlessApi(stack, 'Ours', { api, authorizer: 'none', routes: { 'GET /orders': answering('ours') }, ...more });

/** Logical ids by type, of what a template has. */
const idsOf = (stack: Stack, type: string) => Object.keys(Template.fromStack(stack).findResources(type));

const importedRest = (stack: Stack) =>
  rest.RestApi.fromRestApiAttributes(stack, 'Theirs', { restApiId: 'a1b2c3', rootResourceId: 'r00t' });

describe('an HTTP API of the stack', () => {
  const byHand = (stack: Stack, path: string) => {
    const api = new http.HttpApi(stack, 'Theirs');
    const integration = new HttpLambdaIntegration('Integration', plainFunction(stack, 'Old'));
    api.addRoutes({ path, methods: [http.HttpMethod.GET], integration });
    return api;
  };

  test('keeps everything that it has, and gets routes, integrations and permissions', () => {
    const stack = stackOf();
    const plain = stackOf();
    byHand(plain, '/health');
    const ours = add(stack, byHand(stack, '/health'), { routes: { 'GET /orders': inline(), $default: inline() } });
    const before = Template.fromStack(plain).toJSON().Resources as object;
    expect(Template.fromStack(stack).toJSON().Resources).toMatchObject(before);
    expect(idsOf(stack, 'AWS::ApiGatewayV2::Route')).toHaveLength(3);
    expect(ours.url).toBe((ours.api as http.HttpApi).url);
    expect([ours.accessLog, ours.alarms.length]).toEqual([undefined, 2]);
    expect(ours.stage).toBe((ours.api as http.HttpApi).defaultStage);
  });

  test('has a route that CDK made before under the same logical id, so that it is updated where it is', () => {
    const [stack, plain] = [stackOf(), stackOf()];
    byHand(plain, '/orders');
    add(stack, new http.HttpApi(stack, 'Theirs'), { authorizer: ISSUER });
    expect(idsOf(stack, 'AWS::ApiGatewayV2::Route')).toEqual(idsOf(plain, 'AWS::ApiGatewayV2::Route'));
    expect(idsOf(stack, 'AWS::ApiGatewayV2::Authorizer')).toHaveLength(1);
  });

  test('serves both in a local run', async () => {
    const stack = stackOf();
    const api = new http.HttpApi(stack, 'Theirs');
    const old = plainFunction(stack, 'Old');
    api.addRoutes({ path: '/health', integration: new HttpLambdaIntegration('Integration', old) });
    const run = await runLocally(add(stack, api));
    try {
      expect(await (await fetch(`${run.url}/orders`)).text()).toBe('ours');
      expect(run.unsupported).toEqual([]);
    } finally {
      await run.stop();
    }
  });
});

test.each(['imported', 'of another stack'])('routes of an HTTP API that is %s belong to this stack', (where) => {
  const app = new App({ builtinCloudFormationValidation: false });
  const [stack, other] = [new Stack(app, 'Shop'), new Stack(app, 'Other')];
  const api =
    where === 'imported'
      ? http.HttpApi.fromHttpApiAttributes(stack, 'Theirs', { httpApiId: 'a1b2c3' })
      : new http.HttpApi(other, 'Theirs');
  const { url } = add(stack, api);
  expect(idsOf(stack, 'AWS::ApiGatewayV2::Route')).toHaveLength(1);
  expect(idsOf(other, 'AWS::ApiGatewayV2::Route')).toHaveLength(0);
  if (where === 'imported') expect(url).toMatch(/^https:\/\/a1b2c3\.execute-api\..*\/$/);
});

describe('a REST API of the stack', () => {
  test('is deployed anew with its new methods, which keep the ids that CDK gave them', () => {
    const byHand = stackOf();
    const old = new rest.RestApi(byHand, 'Theirs');
    old.root.addResource('orders').addMethod('GET', new rest.LambdaIntegration(plainFunction(byHand, 'Old')));
    const stack = stackOf();
    add(stack, new rest.RestApi(stack, 'Theirs'), { authorizer: plainFunction(stack, 'Decide') });
    for (const type of ['Method', 'Resource', 'RestApi', 'Stage']) {
      expect(idsOf(stack, `AWS::ApiGateway::${type}`)).toEqual(idsOf(byHand, `AWS::ApiGateway::${type}`));
    }
    expect(idsOf(stack, 'AWS::ApiGateway::Deployment')).not.toEqual(idsOf(byHand, 'AWS::ApiGateway::Deployment'));
  });

  test('has a path that is there used again, and a deployment of the team renewed with each change', () => {
    const deployments = ['GET /orders', 'POST /orders'].map((route) => {
      const stack = stackOf();
      const api = new rest.RestApi(stack, 'Theirs', { deploy: false });
      api.root.addResource('orders').addMethod('PUT');
      new rest.Deployment(stack, 'Deployment', { api });
      add(stack, api, { routes: { [route]: inline() } });
      expect(idsOf(stack, 'AWS::ApiGateway::Resource')).toHaveLength(1);
      return idsOf(stack, 'AWS::ApiGateway::Deployment')[0];
    });
    expect(new Set(deployments).size).toBe(2);
  });

  test('serves them in a local run', async () => {
    const stack = stackOf();
    const run = await runLocally(add(stack, new rest.RestApi(stack, 'Theirs', { cloudWatchRole: false })));
    try {
      expect(await (await fetch(`${run.url}/orders`)).text()).toBe('ours');
    } finally {
      await run.stop();
    }
  });
});

test('an imported REST API gets a deployment to its stage, which stays, and is another where a route is', () => {
  const made = (authorizer: 'none' | 'iam') => {
    const stack = stackOf();
    const ours = add(stack, importedRest(stack), { stage: { name: 'prod' }, authorizer });
    expect(ours.url).toMatch(/\/prod\/$/);
    const [[id, deployment] = []] = Object.entries(
      Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'),
    );
    expect(deployment).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { RestApiId: 'a1b2c3', StageName: 'prod' },
      DependsOn: expect.arrayContaining(idsOf(stack, 'AWS::ApiGateway::Method')) as unknown,
    });
    return id;
  };
  expect(made('none')).toBe(made('none'));
  expect(made('none')).not.toBe(made('iam'));
});

test.each([
  ['HTTP', (stack: Stack) => http.HttpApi.fromHttpApiAttributes(stack, 'Theirs', { httpApiId: 'a1b2c3' }), undefined],
  ['REST', importedRest, { name: 'prod' }],
])('a local run says that the routes of an imported %s API are not run', async (_, api, stage) => {
  const stack = stackOf();
  const run = await runLocally(add(stack, api(stack), { stage }));
  try {
    expect(run.unsupported.map(({ reason }) => reason)).toEqual([
      'its API is imported and not in the templates, so it is not run',
    ]);
  } finally {
    await run.stop();
  }
});

describe('refuses', () => {
  test.each<[string, (stack: Stack) => Partial<ServerlessApiProps> & { readonly api: ExistingApi }, string]>([
    [
      'what is of the API itself',
      (stack) => ({
        api: new http.HttpApi(stack, 'Theirs'),
        kind: 'http',
        throttle: { rate: 1, burst: 1 },
        cors: { origins: ['https://shop.example.com'] },
      }),
      "'kind' must not be given with 'api', which has its own; set it where the API is created\n'throttle' must not be given with 'api', which has its own; set it where the API is created\n'cors' must not be given with 'api', which has its own; set it where the API is created",
    ],
    [
      'pages that may call a route, which the API says',
      (stack) => {
        const api = new rest.RestApi(stack, 'Theirs');
        return { api, routes: { 'GET /a': { ...inline(), cors: { origins: ['*'] } } } };
      },
      "'routes.GET /a.cors' must not be given with 'api', which has its own; set it where the API is created: 'resource.addCorsPreflight()'",
    ],
    [
      'a route that the API has',
      (stack) => {
        const api = new rest.RestApi(stack, 'Theirs');
        api.root.addResource('orders').addMethod('GET');
        return { api };
      },
      "'routes' must not be a route that the API already has, got 'GET /orders'; remove it there",
    ],
    [
      'a parameter that the API names otherwise',
      (stack) => {
        const api = new rest.RestApi(stack, 'Theirs');
        api.root.resourceForPath('/orders/{id}').addMethod('GET');
        return { api, routes: { 'POST /orders/{key}': inline() } };
      },
      "'routes' must name the parameter {id} as in 'GET /orders/{id}', not {key}, got 'POST /orders/{key}'; use one name per position",
    ],
    [
      'a route that another adds to an imported HTTP API',
      (stack) => {
        const api = http.HttpApi.fromHttpApiAttributes(stack, 'Theirs', { httpApiId: 'a1b2c3' });
        new ServerlessApi(stack, 'First', { api, authorizer: 'none', routes: { 'GET /orders': inline() } });
        return { api };
      },
      "'routes' must not be a route that the API already has, got 'GET /orders'; remove it there",
    ],
    [
      'a path that another adds to an imported REST API',
      (stack) => {
        const [api, stage] = [importedRest(stack), { name: 'prod' }];
        new ServerlessApi(stack, 'First', { api, stage, authorizer: 'none', routes: { 'GET /orders/new': inline() } });
        return { api, stage };
      },
      "'routes' must not start with a segment that other routes of this app already add to the API, got 'GET /orders'; put them in one ServerlessApi",
    ],
    [
      'a route that an HTTP API has',
      (stack) => {
        const api = new http.HttpApi(stack, 'Theirs');
        new http.HttpRoute(stack, 'Mine', {
          httpApi: api,
          routeKey: http.HttpRouteKey.with('/orders', http.HttpMethod.GET),
          integration: new HttpLambdaIntegration('I', plainFunction(stack, 'Old')),
        });
        return { api };
      },
      "'routes' must not be a route that the API already has, got 'GET /orders'; remove it there",
    ],
    [
      'an imported REST API without a stage',
      (stack) => ({ api: importedRest(stack) }),
      "'stage' must be given with an imported REST API, or the routes are never deployed; name the stage: { name: 'prod' }",
    ],
    [
      'an imported REST API without its root',
      (stack) => ({ api: rest.RestApi.fromRestApiId(stack, 'Theirs', 'a1b2c3'), stage: { name: 'prod' } }),
      "'api' must know its root resource; import it by RestApi.fromRestApiAttributes({ restApiId, rootResourceId })",
    ],
    [
      'a REST API of another stack',
      (stack) => ({ api: new rest.RestApi(new Stack(stack.node.root, 'Other'), 'Theirs') }),
      "'api' must be in the same stack, since another stack deploys its API before these routes exist; import it with RestApi.fromRestApiAttributes() and give 'stage', or put both in one stack",
    ],
    [
      'a REST API that nobody deploys',
      (stack) => ({ api: new rest.RestApi(stack, 'Theirs', { deploy: false }) }),
      "'api' must have a deployment, or the routes never go live; create it with deploy: true, or create its Deployment first",
    ],
    [
      'a REST API of a document',
      (stack) => ({
        api: new rest.SpecRestApi(stack, 'Theirs', {
          apiDefinition: rest.ApiDefinition.fromInline({ openapi: '3.0.1' }),
        }),
      }),
      "'api' must not be defined by an OpenAPI document, which would remove the routes again; add the operations to the document",
    ],
    [
      'an HTTP API whose stages do not deploy',
      (stack) => {
        const api = new http.HttpApi(stack, 'Theirs', { createDefaultStage: false });
        api.addStage('Prod', { stageName: 'prod' });
        return { api };
      },
      "'api' must have a stage with automatic deployment, or the routes never go live; set 'autoDeploy' on its stage",
    ],
    [
      'a public route where all methods have an authorizer',
      (stack) => {
        const authorizer = new rest.RequestAuthorizer(stack, 'All', {
          handler: plainFunction(stack, 'Decide'),
          identitySources: [rest.IdentitySource.header('Authorization')],
        });
        return { api: new rest.RestApi(stack, 'Theirs', { defaultMethodOptions: { authorizer } }) };
      },
      "'routes.GET /orders.authorizer' must not be 'none' or 'iam' when the API has an authorizer for all its methods, got 'none'; move the API's 'defaultMethodOptions.authorizer' to the methods that need it",
    ],
    [
      'alarms on a stage that is not known, and a stage of an HTTP API',
      (stack) => ({
        api: http.HttpApi.fromHttpApiAttributes(stack, 'Theirs', { httpApiId: 'a1b2c3' }),
        stage: { name: 'prod' },
        alarmTopic: new Topic(stack, 'OnCall'),
      }),
      "'stage' must not be given with an HTTP API, whose stages deploy automatically, got 'prod'; remove it\n'alarmTopic' must not be given when the stage of 'api' is not known here; set alarms where the stage is created",
    ],
  ])('%s', (_, props, message) => {
    const stack = stackOf();
    const { api, ...more } = props(stack);
    const lines = message.split('\n').map((line) => `${line} (Shop/Ours)`);
    expect(() => add(stack, api, more)).toThrow(expect.objectContaining({ message: lines.join('\n') }));
  });

  test('the stage of an imported API that no stage can be called', () => {
    const stack = stackOf();
    expect(() => add(stack, importedRest(stack), { stage: { name: 'prod/v1' } })).toThrow(
      "'stage.name' must be 1 to 128 letters, digits, '-' and '_', got 'prod/v1'; write it as 'prod' (Shop/Ours)",
    );
  });
});
