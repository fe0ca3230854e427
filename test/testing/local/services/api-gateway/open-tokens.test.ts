import { CfnParameter } from 'aws-cdk-lib';
import { CfnAuthorizer, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnAuthorizer as CfnHttpAuthorizer, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

test('authorizers whose pools or audience are known only at deployment are listed', async () => {
  const run = await running(
    shop((stack) => {
      const { valueAsString: pool } = new CfnParameter(stack, 'Pool');
      const rest = new RestApi(stack, 'Rest', { cloudWatchRole: false });
      rest.root.addMethod('GET', new MockIntegration());
      const identitySource = 'method.request.header.Authorization';
      const ofPool = { restApiId: rest.restApiId, name: 'p', type: 'COGNITO_USER_POOLS', identitySource };
      new CfnAuthorizer(stack, 'OfPool', { ...ofPool, providerArns: [pool] });
      const http = new HttpApi(stack, 'Http');
      const jwtConfiguration = { issuer: 'https://login.example.com', audience: [pool] };
      const ofTokens = { apiId: http.apiId, name: 't', authorizerType: 'JWT', jwtConfiguration };
      new CfnHttpAuthorizer(stack, 'OfTokens', {
        ...ofTokens,
        identitySource: ['$request.header.Authorization'],
      });
    }),
  );
  const reasons = run.unsupported.map(({ resource, reason }) => `${resource}: ${reason}`);
  const rest = 'it accepts no tokens of them; set the parameter in ';
  expect(reasons).toContain(
    `Shop/Rest: the user pools of the authorizer 'OfPool' are known only at deployment: ${rest}'templateParameters'`,
  );
  expect(reasons).toContain(
    `Shop/Http: the issuer and audience of the authorizer 'OfTokens' are known only at deployment: ${rest}'templateParameters'`,
  );
});
