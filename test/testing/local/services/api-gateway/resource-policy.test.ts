import {
  AuthorizationType,
  type IAuthorizer,
  LambdaIntegration,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib';
import { type LocalRun, runLocally } from 'lintel/testing';
import { answerOf, ECHO, inline, shop } from '../../support';
import { signed } from './signed';

const AUTHORIZER = `exports.handler = async ({ methodArn }) => ({ principalId: 'ann', policyDocument: {
  Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Resource: methodArn, Effect: 'Allow' }] } });`;

const statement = (Effect: 'Allow' | 'Deny', Resource: string, rest: object = {}) =>
  PolicyStatement.fromJson({ Effect, Principal: '*', Action: 'execute-api:Invoke', Resource, ...rest });

function apis(stack: Stack): void {
  const echo = new LambdaIntegration(inline(stack, 'Echo', ECHO));
  const authorizer = inline(stack, 'Authorizer', AUTHORIZER);
  const api = (id: string, ...statements: readonly PolicyStatement[]) => {
    const policy = new PolicyDocument({ statements: [...statements] });
    const made = new RestApi(stack, id, { cloudWatchRole: false, policy });
    const own: IAuthorizer = new TokenAuthorizer(stack, `${id}Token`, { handler: authorizer });
    made.root.addResource('open').addMethod('GET', echo);
    made.root.addResource('secret').addMethod('GET', echo);
    made.root.addResource('own').addMethod('GET', echo, { authorizer: own });
    made.root.addResource('iam').addMethod('GET', echo, { authorizationType: AuthorizationType.IAM });
  };
  api('Some', statement('Allow', 'execute-api:/*/GET/open'), statement('Allow', 'execute-api:/prod/GET/iam'));
  api('Denies', statement('Allow', 'execute-api:/*'), statement('Deny', 'execute-api:/*/GET/secret'));
  const office = { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
  api('Office', statement('Allow', 'execute-api:/*'), statement('Deny', 'execute-api:/*', { Condition: office }));
  const endpoint = { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } };
  api('Private', statement('Allow', 'execute-api:/*'), statement('Deny', 'execute-api:/*', { Condition: endpoint }));
}

let run: LocalRun;
beforeAll(async () => {
  run = await runLocally(shop(apis), { callers: { nobody: [] } });
});
afterAll(() => run.stop());

const urlOf = (api: string, path: string) => `${run.urls[`Shop/${api}`]}/${path}`;
const get = async (api: string, path: string) =>
  answerOf(await fetch(urlOf(api, path), { headers: { authorization: 'any' } }));
const refused = (how = '') => ({
  status: 403,
  body: { Message: expect.stringMatching(RegExp(`^User: anonymous is not authorized to perform: .*${how}$`)) },
});

test.each([
  ['Some', 'open', 200],
  ['Denies', 'open', 200],
  ['Denies', 'own', 200],
  ['Private', 'open', 200],
])('%s: the policy lets everybody call %s', async (api, path, status) => {
  expect(await get(api, path)).toMatchObject({ status });
});

test('refuses what the policy does not allow, and what it denies', async () => {
  expect(await get('Some', 'secret')).toEqual(refused('/GET/secret'));
  expect(await get('Denies', 'secret')).toEqual(refused(' with an explicit deny'));
});

test('refuses an address that the policy does not name, whatever an authorizer would say', async () => {
  expect(await get('Office', 'open')).toEqual(refused(' with an explicit deny'));
  expect(await get('Office', 'own')).toEqual(refused(' with an explicit deny'));
});

test('an authorizer of one’s own suffices where the policy says nothing', async () => {
  expect(await get('Some', 'own')).toMatchObject({ status: 200 });
});

test('a signed caller without a policy of his own calls what the policy of the API allows', async () => {
  const call = async (api: string, path: string) => fetch(await signed(run, 'nobody', urlOf(api, path)));
  expect((await call('Some', 'iam')).status).toBe(200);
  expect((await call('Office', 'iam')).status).toBe(403);
});

test('that nobody is in a network here is listed', () => {
  expect(run.unsupported).toEqual([
    {
      resource: 'Shop/Private',
      type: 'AWS::ApiGateway::RestApi',
      reason: 'its network does not exist here: requests count as coming from aws:SourceVpce vpce-1',
    },
  ]);
});
