import type { Model } from '../../../../lib/core/model/model';
import { readTemplate } from '../../../../lib/core/model/read-template';
import { eachBranch } from '../../../../lib/core/model/select';
import { unreadIn } from '../../../../lib/core/model/unread';
import type { Value } from '../../../../lib/core/model/values';
import { recordOf } from '../../../../lib/core/record';

function sam(type: 'Api' | 'HttpApi', properties: string): Model {
  return readTemplate(
    `
Transform: AWS::Serverless-2016-10-31
Parameters: { Stage: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  Api:
    Type: AWS::Serverless::${type}
    Properties:
      StageName: prod
${properties.trim().replace(/^/gm, '      ')}
`,
    { name: 'T' },
  );
}

const unread = (model: Model) => unreadIn(model).map(({ reason }) => reason);
const bodyOf = (model: Model) => recordOf(model.resources.get('T/Api')?.properties.Body);
const pathOf = (model: Model, path: string) => recordOf(recordOf(bodyOf(model).paths)[path]);

/** What the mock of a path answers a preflight request with. */
function preflightOf(model: Model, path: string): unknown {
  const { 'x-amazon-apigateway-integration': mock } = recordOf(pathOf(model, path).options);
  return recordOf(recordOf(recordOf(mock).responses).default).responseParameters;
}

const definition = (paths: string) => `DefinitionBody: { swagger: '2.0', info: { version: '1' }, paths: ${paths} }`;
const get = '{ get: { responses: {} } }';

describe('the Cors of a REST API with a definition of its own', () => {
  test('answers preflight requests on each of its paths', () => {
    const model = sam(
      'Api',
      `
Cors: { AllowOrigin: "'https://a.com'", AllowHeaders: "'X-A'", MaxAge: "'600'", AllowCredentials: true }
${definition(`{ /a: ${get}, /b: { x-amazon-apigateway-any-method: {} } }`)}`,
    );
    expect(unread(model)).toEqual([]);
    expect(preflightOf(model, '/a')).toEqual({
      'method.response.header.Access-Control-Allow-Origin': "'https://a.com'",
      'method.response.header.Access-Control-Allow-Headers': "'X-A'",
      'method.response.header.Access-Control-Allow-Methods': "'GET,OPTIONS'",
      'method.response.header.Access-Control-Max-Age': "'600'",
      'method.response.header.Access-Control-Allow-Credentials': "'true'",
    });
    expect(preflightOf(model, '/b')).toMatchObject({
      'method.response.header.Access-Control-Allow-Methods': "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'",
    });
  });

  test('may be its origin alone, or nothing', () => {
    const of = (cors: string) => sam('Api', `Cors: ${cors}\n${definition(`{ /a: ${get} }`)}`);
    const origin = 'method.response.header.Access-Control-Allow-Origin';
    expect(preflightOf(of(`"'b.com'"`), '/a')).toHaveProperty([origin], "'b.com'");
    expect(preflightOf(of(`{ AllowMethods: "'GET'" }`), '/a')).toHaveProperty([origin], "'*'");
    expect(pathOf(of('""'), '/a')).not.toHaveProperty('options');
  });

  test('leaves a path that answers OPTIONS itself, and adds one to a path that is written twice', () => {
    const model = sam(
      'Api',
      `Cors: "'*'"\n${definition(`{ /own: { options: { summary: mine } }, /a: ${get}, /a/: ${get} }`)}`,
    );
    expect(pathOf(model, '/own').options).toMatchObject({ summary: 'mine' });
    expect(preflightOf(model, '/a')).toBeDefined();
    expect(pathOf(model, '/a/')).not.toHaveProperty('options');
  });

  test('goes through what a condition chooses', () => {
    const choice = `{ 'Fn::If': [IsProd, ${get}, { post: { responses: {} } }] }`;
    const model = sam('Api', `Cors: "'*'"\n${definition(`{ /a: ${choice} }`)}`);
    expect(
      eachBranch(recordOf(bodyOf(model).paths)['/a'] as Value).map(({ value }) => Object.keys(recordOf(value))),
    ).toEqual([
      ['get', 'options'],
      ['post', 'options'],
    ]);
  });

  test.each([
    ['', [{ Users: [] }]],
    ['AddDefaultAuthorizerToCorsPreflight: true', [{ Users: [] }]],
    ['AddDefaultAuthorizerToCorsPreflight: false', undefined],
  ])('asks preflight requests for the default authorizer unless the API says otherwise: %s', (setting, expected) => {
    const model = sam(
      'Api',
      `
Cors: "'*'"
Auth:
  DefaultAuthorizer: Users
  Authorizers: { Users: { UserPoolArn: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/a' } }
  ${setting}
${definition(`{ /a: ${get} }`)}`,
    );
    expect(recordOf(pathOf(model, '/a').options).security).toEqual(expected);
    expect(recordOf(pathOf(model, '/a').get).security).toEqual([{ Users: [] }]);
  });
});

test('the CorsConfiguration of an HTTP API is put over what its definition says', () => {
  const model = sam(
    'HttpApi',
    `
CorsConfiguration: { AllowOrigins: ['https://a.com'], MaxAge: 60 }
DefinitionBody:
  openapi: 3.0.1
  x-amazon-apigateway-cors: { allowOrigins: ['*'], allowMethods: [GET] }
  paths: { /a: ${get} }`,
  );
  expect(unread(model)).toEqual([]);
  expect(bodyOf(model)['x-amazon-apigateway-cors']).toEqual({
    allowOrigins: ['https://a.com'],
    allowMethods: ['GET'],
    maxAge: 60,
  });
});

describe('what SAM refuses is listed', () => {
  test('beside a definition that is elsewhere', () => {
    expect(unread(sam('Api', `Cors: "'*'"\nDefinitionUri: s3://bucket/api.yaml`))).toContain(
      "SAM refuses its Cors, which works only with a definition in 'DefinitionBody'",
    );
    expect(unread(sam('HttpApi', `CorsConfiguration: true\nDefinitionUri: s3://bucket/api.yaml`))).toContain(
      "SAM refuses its CorsConfiguration, which works only with a definition in 'DefinitionBody'",
    );
  });

  test('beside a definition without paths', () => {
    expect(unread(sam('Api', `Cors: "'*'"\nDefinitionBody: { swagger: '2.0' }`))).toContain(
      "SAM refuses its Cors, since 'DefinitionBody' is not a definition with paths",
    );
  });

  test.each([
    ['{ AllowCredentials: true }', true],
    [`{ AllowCredentials: true, AllowOrigin: "'*'" }`, true],
    [`{ AllowCredentials: true, AllowOrigin: "'https://a.com'" }`, false],
    [`{ AllowCredentials: false, AllowOrigin: "'*'" }`, false],
  ])('with credentials from anywhere: %s', (cors, isRefused) => {
    const reason = "SAM refuses its Cors, since 'AllowCredentials' needs an 'AllowOrigin' without '*'";
    for (const more of ['', definition(`{ /a: ${get} }`)]) {
      expect(unread(sam('Api', `Cors: ${cors}\n${more}`))).toEqual(isRefused ? [reason] : []);
    }
  });
});
