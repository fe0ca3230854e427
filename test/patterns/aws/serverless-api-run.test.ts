import { Code } from 'aws-cdk-lib/aws-lambda';
import { type ApiKind, ServiceFunction } from 'lintel/aws';
import { type LocalRun, runLocally } from 'lintel/testing';
import { apiOf, stackOf } from './serverless-apis';

const inline = (body: string) => ({ code: Code.fromInline(`exports.handler = async (event) => (${body});`) });

/** Answers with the path parameters that it was given. */
const echo = inline('{ statusCode: 200, body: JSON.stringify(event.pathParameters ?? {}) }');

/** A REST API hands headers on as they were sent, an HTTP API in lower case. */
const OPEN = "(event.headers.authorization ?? event.headers.Authorization) === 'open'";

/** Lets one password pass, in the words of both kinds of API. */
const guard = inline(`{
  isAuthorized: ${OPEN},
  principalId: 'somebody',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: ${OPEN} ? 'Allow' : 'Deny', Resource: event.methodArn }],
  },
}`);

describe.each<ApiKind>(['http', 'rest'])('an API of kind %s, run locally', (kind) => {
  let run: LocalRun;
  const ask = (method: string, path: string, headers?: Record<string, string>) =>
    fetch(run.url + path, { method, headers });

  beforeAll(async () => {
    const stack = stackOf();
    const { api } = apiOf(
      {
        kind,
        stage: { name: 'v1' },
        authorizer: new ServiceFunction(stack, 'Guard', guard),
        cors: { origins: ['https://shop.example.com'] },
        routes: {
          'GET /orders/{id}': { ...echo, warm: 1 },
          'ANY /files/{proxy+}': { ...echo, authorizer: 'none' },
          'GET /broken': { ...inline('event.no.such'), authorizer: 'none' },
        },
      },
      stack,
    );
    run = await runLocally(api);
  });
  afterAll(() => run.stop());

  test('is reached below its stage, and nowhere else', async () => {
    expect(run.url).toMatch(/\/v1$/);
    const elsewhere = run.url.replace('/v1', '/live');
    expect((await fetch(`${elsewhere}/files/a`)).status).toBe(kind === 'http' ? 404 : 403);
  });

  test('serves who may pass, by the live alias, with the parameters of the path', async () => {
    const response = await ask('GET', '/orders/17', { authorization: 'open' });
    expect([response.status, await response.json()]).toEqual([200, { id: '17' }]);
  });

  test('refuses who may not, and who does not say who they are', async () => {
    expect((await ask('GET', '/orders/17', { authorization: 'closed' })).status).toBe(403);
    expect((await ask('GET', '/orders/17')).status).toBe(401);
  });

  test.each(['GET', 'DELETE'])('serves %s of a public route with the rest of its path', async (method) => {
    const response = await ask(method, '/files/a/b.txt');
    expect([response.status, await response.json()]).toEqual([200, { proxy: 'a/b.txt' }]);
  });

  test('answers what a browser asks first', async () => {
    const response = await ask('OPTIONS', '/orders/17', {
      origin: 'https://shop.example.com',
      'access-control-request-method': 'GET',
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
  });

  test('answers for a function that fails, and for a route that is none', async () => {
    expect((await ask('GET', '/broken')).status).toBe(kind === 'http' ? 500 : 502);
    expect((await ask('GET', '/nowhere')).status).toBe(kind === 'http' ? 404 : 403);
  });
});
