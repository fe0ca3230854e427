import { generateKeyPairSync, sign } from 'node:crypto';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer,
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Duration, type Stack } from 'aws-cdk-lib';
import type { LocalRun } from 'lintel/testing';
import { answerOf, ECHO, inline, running, shop, stopRuns } from '../../support';
import { signed } from './signed';

afterAll(stopRuns);

const ISSUER = 'https://login.example.com';

describe('a JWT authorizer', () => {
  const withJwt = (stack: Stack) => {
    const authorizer = new HttpJwtAuthorizer('Jwt', ISSUER, { jwtAudience: ['shop'] });
    const api = new HttpApi(stack, 'Api', { defaultAuthorizer: authorizer });
    const integration = new HttpLambdaIntegration('I', inline(stack, 'Echo', ECHO));
    api.addRoutes({ path: '/orders', methods: [HttpMethod.GET], integration });
    api.addRoutes({ path: '/admin', methods: [HttpMethod.GET], integration, authorizationScopes: ['admin', 'root'] });
  };
  let run: LocalRun;
  beforeAll(async () => {
    run = await running(shop(withJwt), { issuers: 'local' });
  });
  const call = (token: string | undefined, path = '/orders') =>
    fetch(`${run.url}${path}`, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });

  test('passes the claims of a valid token on', async () => {
    const { status, body } = await answerOf(await call(run.token({ sub: 'ann', groups: ['a', 'b'], scope: 'x' })));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      requestContext: {
        authorizer: {
          jwt: {
            claims: { sub: 'ann', iss: ISSUER, aud: 'shop', groups: '[a b]', exp: expect.stringMatching(/^\d+$/) },
            scopes: null,
          },
        },
      },
    });
  });

  test('refuses a request without a token', async () => {
    const response = await call(undefined);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answerOf(response)).toEqual({ status: 401, body: { message: 'Unauthorized' } });
  });

  test.each([
    ['of another audience', { aud: 'other' }, 'valid audience'],
    ['of another issuer', { iss: 'https://evil.example.com' }, 'valid issuer'],
    ['that has expired', { exp: 1_000_000_000 }, 'expired'],
    ['that is not valid yet', { nbf: 9_999_999_999 }, 'not valid yet'],
  ])('refuses a token %s', async (_, claims, description) => {
    const response = await call(run.token(claims));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(response.headers.get('www-authenticate')).toContain(description);
  });

  test('takes client_id where there is no audience', async () => {
    expect((await call(run.token({ aud: undefined, client_id: 'shop' }))).status).toBe(200);
    expect((await call(run.token({ aud: undefined, client_id: 'other' }))).status).toBe(401);
  });

  test('refuses a token that was changed, one without a signature, and one that is none', async () => {
    const [head, payload, signature] = run.token({ sub: 'ann' }).split('.');
    const forged = Buffer.from(payload!, 'base64url').toString().replace('ann', 'eve');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of [
      `${head}.${Buffer.from(forged).toString('base64url')}.${signature}`,
      `${none}.${payload}.`,
      `${head}.${payload}.${signature}.x`,
      'nonsense',
    ]) {
      expect((await call(token)).status).toBe(401);
    }
  });

  test('wants one of the scopes of the route', async () => {
    const { status, body } = await answerOf(await call(run.token({ scope: 'read admin' }), '/admin'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ requestContext: { authorizer: { jwt: { scopes: ['admin'] } } } });
    const refused = await call(run.token({ scope: 'read' }), '/admin');
    expect(refused.headers.get('www-authenticate')).toContain('scope="admin root" error="insufficient_scope"');
    expect(await answerOf(refused)).toEqual({ status: 403, body: { message: 'Forbidden' } });
  });

  test('verifies with the key set of the issuer that is given', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }];
    const own = await running(shop(withJwt), { issuers: { [ISSUER]: { keys } } });
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const claims = { iss: ISSUER, aud: 'shop', exp: Date.now() / 1000 + 60 };
    const text = `${encode({ alg: 'RS256', kid: 'k1' })}.${encode(claims)}`;
    const token = `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
    const get = (bearer: string) => fetch(`${own.url}/orders`, { headers: { authorization: bearer } });
    expect((await get(token)).status).toBe(200);
    expect((await get(run.token())).status).toBe(401);
    expect(() => own.token()).toThrow("this run issues no tokens; start it with { issuers: 'local' }");
  });

  test('refuses tokens of an issuer whose keys cannot be fetched, and says so in its log', async () => {
    const unreachable = { [ISSUER]: 'http://127.0.0.1:1/keys' };
    const own = await running(shop(withJwt), { issuers: unreachable });
    const response = await fetch(`${own.url}/orders`, { headers: { authorization: run.token() } });
    expect(response.status).toBe(401);
  });
});

describe('a Lambda authorizer of an HTTP API', () => {
  const code = `let calls = 0;
exports.handler = async (event) => {
  const [token] = event.identitySource;
  if (token === 'throws') throw new Error('broken');
  if (token === 'unauthorized') throw new Error('Unauthorized');
  if (token === 'strange') return { yes: true };
  return { isAuthorized: token === 'good', context: { calls: ++calls, routeArn: event.routeArn } };
};`;
  const policyCode = `exports.handler = async (event) => ({
  principalId: 'ann',
  policyDocument: { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: event.methodArn.replace(/orders.*/, 'orders/1') } ] },
  context: { role: 'buyer' },
});`;
  let run: LocalRun;
  beforeAll(async () => {
    run = await running(
      shop((stack) => {
        const integration = new HttpLambdaIntegration('I', inline(stack, 'Echo', ECHO));
        const simple = new HttpLambdaAuthorizer('Simple', inline(stack, 'Authorizer', code), {
          responseTypes: [HttpLambdaResponseType.SIMPLE],
          resultsCacheTtl: Duration.minutes(5),
        });
        const api = new HttpApi(stack, 'Api', { defaultAuthorizer: simple });
        api.addRoutes({ path: '/orders', methods: [HttpMethod.GET], integration });
        const byPolicy = new HttpLambdaAuthorizer('Policy', inline(stack, 'PolicyAuthorizer', policyCode), {
          responseTypes: [HttpLambdaResponseType.IAM],
          resultsCacheTtl: Duration.seconds(0),
        });
        api.addRoutes({ path: '/orders/{id}', methods: [HttpMethod.GET], integration, authorizer: byPolicy });
      }),
    );
  });
  const call = (authorization: string, path = '/orders') => fetch(`${run.url}${path}`, { headers: { authorization } });

  test('passes its context on, and is asked once for the same identity', async () => {
    const first = await answerOf(await call('good'));
    expect(first).toMatchObject({ status: 200, body: { requestContext: { authorizer: { lambda: { calls: 1 } } } } });
    const second = await answerOf(await call('good'));
    expect(second.body).toMatchObject({ requestContext: { authorizer: { lambda: { calls: 1 } } } });
  });

  test.each([
    ['bad', 403, 'Forbidden'],
    ['unauthorized', 401, 'Unauthorized'],
    ['throws', 500, 'Internal Server Error'],
    ['strange', 500, 'Internal Server Error'],
  ])('answers as AWS does when its verdict is "%s"', async (token, status, message) => {
    expect(await answerOf(await call(token))).toEqual({ status, body: { message } });
  });

  test('is not asked without its identity source', async () => {
    expect((await fetch(`${run.url}/orders`)).status).toBe(401);
  });

  test('may answer with a policy, which is judged for the route', async () => {
    const allowed = await answerOf(await call('x', '/orders/1'));
    expect(allowed).toMatchObject({
      status: 200,
      body: { requestContext: { authorizer: { lambda: { role: 'buyer' } } } },
    });
    expect((await call('x', '/orders/2')).status).toBe(403);
  });
});

describe('IAM authorization of an HTTP API', () => {
  let run: LocalRun;
  beforeAll(async () => {
    run = await running(
      shop((stack) => {
        const api = new HttpApi(stack, 'Api', { defaultAuthorizer: new HttpIamAuthorizer() });
        const integration = new HttpLambdaIntegration('I', inline(stack, 'Echo', ECHO));
        api.addRoutes({ path: '/orders/{id}', methods: [HttpMethod.GET, HttpMethod.POST], integration });
      }),
      {
        callers: {
          reader: [
            {
              Version: '2012-10-17',
              Statement: {
                Effect: 'Allow',
                Action: 'execute-api:Invoke',
                Resource: 'arn:aws:execute-api:us-east-1:123456789012:*/*/GET/*',
              },
            },
          ],
        },
      },
    );
  });

  test('lets through who signed and may, with their identity', async () => {
    const request = await signed(run, 'reader', `${run.url}/orders/a%20b?x=1&a=b%2Fc`);
    expect(await answerOf(await fetch(request))).toMatchObject({
      status: 200,
      body: {
        requestContext: {
          authorizer: { iam: { userArn: 'arn:aws:iam::123456789012:user/reader', accountId: '123456789012' } },
        },
      },
    });
  });

  test('refuses who may not, who signed wrongly, and who did not sign', async () => {
    const forbidden = { status: 403, body: { message: 'Forbidden' } };
    const post = await signed(run, 'reader', `${run.url}/orders/1`, { method: 'POST', body: '{}' });
    expect(await answerOf(await fetch(post))).toEqual(forbidden);
    const other = new Request(`${run.url}/orders/2`, {
      headers: (await signed(run, 'reader', `${run.url}/orders/1`)).headers,
    });
    expect(await answerOf(await fetch(other))).toEqual(forbidden);
    expect(await answerOf(await fetch(`${run.url}/orders/1`))).toEqual(forbidden);
  });
});
