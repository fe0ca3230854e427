import { judge } from '../../../../lib/rules/judge';
import { plaintextSecret } from '../../../../lib/rules/rules/functions/plaintext-secret';
import { describeFaults, inProduction, modelOf, OPEN } from '../faults';
import { goodFunction } from '../parts';
import { stores } from '../data/templates';
import { functions } from './templates';

describeFaults(plaintextSecret, stores, [
  {
    mistake: 'a password in the template',
    change: { 'Cluster.MasterUserPassword': 'correct horse' },
    message: 'has a password in plain text',
    openButFine: { 'Secret.SecretString': { 'Fn::Sub': '{{resolve:ssm-secure:x}}' } },
  },
]);

describeFaults(plaintextSecret, functions, [
  {
    mistake: 'an access key in a variable',
    change: { 'Worker.Environment.Variables.KEY': 'AKIAIOSFODNN7EXAMPLE' },
    message: 'has an AWS access key in plain text',
    open: { 'Worker.Environment.Variables.API_TOKEN': OPEN },
  },
  {
    mistake: 'a password in one branch of a variable',
    change: { 'Worker.Environment.Variables.DB_PASSWORD': inProduction('hunter2-hunter2', 'x') },
    message: 'has a password in plain text',
  },
  {
    mistake: 'a secret that a dynamic reference puts into a variable',
    change: { 'Worker.Environment.Variables.TOKEN': '{{resolve:secretsmanager:token}}' },
    message: 'has a secret put into a variable',
  },
  {
    mistake: 'a secret within the text of a variable',
    change: {
      'Worker.Environment.Variables.DATABASE': {
        'Fn::Sub': 'postgres://app:{{resolve:secretsmanager:${AWS::StackName}-db:SecretString:password}}@db',
      },
    },
    message: 'has a secret put into a variable',
  },
  {
    mistake: 'a secret in a variable of a container',
    change: {
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [
            {
              Environment: [
                { Name: 'STAGE', Value: 'prod' },
                { Name: 'DB_PASSWORD', Value: 'hunter2-hunter2' },
              ],
            },
          ],
        },
      },
    },
    message: 'has a password in plain text',
    open: {
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: { ContainerDefinitions: [{ Environment: [{ Name: 'DB_PASSWORD', Value: OPEN }] }] },
      },
    },
  },
  {
    mistake: 'a secret in a variable of a build',
    change: {
      Build: {
        Type: 'AWS::CodeBuild::Project',
        Properties: {
          Environment: {
            EnvironmentVariables: [
              { Name: 'OTHER_PASSWORD', Type: 'SECRETS_MANAGER', Value: 'the-name-of-it' },
              { Name: 'TOKEN', Value: '{{resolve:secretsmanager:token}}' },
            ],
          },
        },
      },
    },
    message: 'has a secret put into a variable',
  },
  {
    mistake: 'a secret in a parameter',
    change: { 'Parameter.Name': '/shop/db-password', 'Parameter.Value': 'hunter2-hunter2' },
    message: 'has a password in plain text',
  },
]);

test('PlaintextSecret finds the value of an API key', () => {
  const key = (Value: unknown) => modelOf({ Key: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Value } } } as never);
  const found = (value: unknown) => judge(key(value), { rules: [plaintextSecret] }).findings.length;
  expect([found('the-key-of-twenty-characters'), found(undefined)]).toEqual([1, 0]);
});

test('PlaintextSecret does not advise a dynamic reference for a variable, which would show what it comes to', () => {
  const model = modelOf(
    goodFunction('Worker', [], { Environment: { Variables: { TOKEN: '{{resolve:secretsmanager:token}}' } } }),
  );
  const { findings } = judge(model, { rules: [plaintextSecret] });
  expect(findings.map(({ remedy }) => remedy)).toEqual([
    expect.stringMatching(/give the function its name, and read it/),
  ]);
});

test('PlaintextSecret takes no object for a secret that a parameter without a default fills in', () => {
  const secret = (password: string) =>
    modelOf(
      {
        Secret: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { SecretString: { 'Fn::Sub': '{"username":"app","password":"${Password}"}' } },
        },
      },
      { Password: { Type: 'String', Default: password } },
    );
  const found = (password: string) => judge(secret(password), { rules: [plaintextSecret] }).findings.length;
  expect([found(''), found('hunter2-hunter2')]).toEqual([0, 1]);
});
