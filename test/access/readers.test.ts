import { accessMatrix, type AccessEntry, diffAccess } from '../../lib/access';
import type { Model } from '../../lib/core/model/model';
import { document, getAtt, may, role, template, worker } from './templates';

/** The entries of a matrix in few words: `role operator: allowed * on *`. */
function lines(model: Model, principal?: string): string[] {
  return accessMatrix(model)
    .entries.filter(({ principal: { name } }) => principal === undefined || name === principal)
    .map(inWords);
}

function inWords({ principal, resource, verdict, actions, conditions, problem }: AccessEntry): string {
  const more = [...conditions, ...(problem === undefined ? [] : [problem])].map((one) => `; ${one}`);
  return `${principal.kind} ${principal.name}: ${verdict} ${actions.join(' ')} on ${resource}${more.join('')}`;
}

/** Who gains what by resources that are added. */
function gained(before: object, after: object): string[] {
  return diffAccess(template(before as never), template(after as never)).widened.map(
    ({ principal, actions, allBut, resource, reason }) =>
      `${principal.kind} ${principal.name}: ${allBut ? 'all but ' : ''}${actions.join()} on ${resource} (${reason})`,
  );
}

const policy = (properties: object, type = 'AWS::IAM::Policy') => ({
  Type: type,
  Properties: { PolicyName: 'p', PolicyDocument: document(may('s3:GetObject', '*')), ...properties },
});

describe('policies on somebody whom the template only names', () => {
  const rest = (kind: string, name: string) =>
    `${kind} ${name}: unknown  on *; the other policies of the ${kind} '${name}' are not part of what was read`;

  test.each([
    ['role', { Roles: ['operator'] }, 'AWS::IAM::Policy'],
    ['user', { Users: ['operator'] }, 'AWS::IAM::ManagedPolicy'],
    ['group', { Groups: ['operator'] }, 'AWS::IAM::Policy'],
    ['role', { RoleName: 'operator' }, 'AWS::IAM::RolePolicy'],
    ['user', { UserName: 'operator' }, 'AWS::IAM::UserPolicy'],
    ['group', { GroupName: 'operator' }, 'AWS::IAM::GroupPolicy'],
  ])('a %s is held under its name: %j', (kind, names, type) => {
    const own = { Policy: policy(names, type) };
    expect(lines(template(own))).toEqual([`${kind} operator: allowed s3:GetObject on *`, rest(kind, 'operator')]);
    expect(gained({ Table: { Type: 'AWS::DynamoDB::Table' } }, own)).toContain(
      `${kind} operator: s3:GetObject on * (new principal)`,
    );
  });

  test('a role from elsewhere is joined to those who use it, by its ARN or a parameter', () => {
    const user = (Role: unknown) => ({ Type: 'AWS::Lambda::Function', Properties: { Role } });
    const arn = template({ Fn: user('arn:aws:iam::111111111111:role/team/far'), P: policy({ Roles: ['far'] }) });
    expect(lines(arn)).toEqual([
      'function Shop/Fn: allowed s3:GetObject on *',
      "function Shop/Fn: unknown  on *; the role 'arn:aws:iam::111111111111:role/team/far' is not part of what was read",
    ]);
    const name = { 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: 'RoleArn' }] }] };
    const given = template(
      { Fn: user({ Ref: 'RoleArn' }), P: policy({ Roles: [name] }) },
      { Parameters: { RoleArn: { Type: 'String' } } },
    );
    expect(lines(given)).toContain('function Shop/Fn: allowed s3:GetObject on *');
  });

  test.each<[string, (role: unknown) => object]>([
    ['AWS::CodeBuild::Project', (ServiceRole) => ({ ServiceRole })],
    ['AWS::CodePipeline::Pipeline', (RoleArn) => ({ Stages: [{ Actions: [{ RoleArn }] }] })],
    ['AWS::Glue::Job', (Role) => ({ Role })],
    ['AWS::IoT::TopicRule', (RoleArn) => ({ TopicRulePayload: { Actions: [{ Sqs: { RoleArn } }] } })],
    ['AWS::KinesisFirehose::DeliveryStream', (RoleARN) => ({ RedshiftDestinationConfiguration: { RoleARN } })],
    ['AWS::EC2::FlowLog', (DeliverLogsPermissionArn) => ({ DeliverLogsPermissionArn })],
    ['AWS::RolesAnywhere::Profile', (arn) => ({ RoleArns: ['arn:aws:iam::111111111111:role/other', arn] })],
    ['AWS::EKS::PodIdentityAssociation', (RoleArn) => ({ RoleArn: { 'Fn::If': ['Prod', RoleArn, 'none'] } })],
    ['Custom::Deployer', (roleArn) => ({ settings: { roleArn } })],
  ])('%s works with a role: another one from elsewhere, or one of the model, is told of', (type, properties) => {
    const using = (given: unknown) => ({
      Role: role([may('s3:GetObject')]),
      User: { Type: type, Properties: properties(given) },
    });
    const reader = using('arn:aws:iam::111111111111:role/reader');
    expect(gained(reader, using('arn:aws:iam::111111111111:role/admin'))).toEqual([
      expect.stringMatching(/^(?:resource|stream) Shop\/User: {2}on \* \(unknown\)$/),
    ]);
    expect(gained(reader, using(getAtt('Role'))).join()).toContain(' Shop/User: s3:GetObject on *');
  });

  test.each([
    ['AWS::RDS::DBProxyEndpoint', { TargetRole: 'READ_WRITE' }],
    ['AWS::LakeFormation::Resource', { UseServiceLinkedRole: true }],
    ['AWS::CloudTrail::Trail', { CloudWatchLogsRoleArn: '' }],
  ])('a setting of %s that is called a role and is none has no part in it', (Type, Properties) => {
    expect(lines(template({ Resource: { Type, Properties } }))).toEqual([]);
  });

  test('what a role of the model is given by its literal name is its own', () => {
    const model = template({ Role: role([], { RoleName: 'mine' }), P: policy({ Roles: ['mine'] }) });
    expect(lines(model, 'Shop/Role')).toEqual(['role Shop/Role: allowed s3:GetObject on *']);
  });
});

describe('groups, profiles, pools and permission sets', () => {
  const group = {
    Type: 'AWS::IAM::Group',
    Properties: { Policies: [{ PolicyName: 'g', PolicyDocument: document(may('s3:GetObject', '*')) }] },
  };

  test('a member may do what its group may, and a new member is a widening', () => {
    const base = { Ops: group, Ann: { Type: 'AWS::IAM::User' } };
    const addition = {
      Type: 'AWS::IAM::UserToGroupAddition',
      Properties: { GroupName: { Ref: 'Ops' }, Users: [{ Ref: 'Ann' }] },
    };
    const member = { Ops: group, Ann: { Type: 'AWS::IAM::User', Properties: { Groups: [{ Ref: 'Ops' }] } } };
    for (const after of [{ ...base, Addition: addition }, member]) {
      expect(lines(template(after), 'Shop/Ann')).toEqual(['user Shop/Ann: allowed s3:GetObject on *']);
      expect(gained(base, after)).toEqual(['user Shop/Ann: s3:GetObject on * (granted)']);
    }
  });

  test('an instance has the role of its profile', () => {
    const model = template({
      Role: role([may('s3:GetObject', '*')]),
      Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }] } },
      Server: { Type: 'AWS::EC2::Instance', Properties: { IamInstanceProfile: { Ref: 'Profile' } } },
    });
    expect(lines(model, 'Shop/Server')).toEqual(['instance Shop/Server: allowed s3:GetObject on *']);
  });

  test('a profile that no instance of the model has is told of by itself', () => {
    const profile = (name: string) => ({
      Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [name] } },
    });
    expect(gained(profile('reader'), profile('admin'))).toEqual(['instance Shop/Profile:  on * (unknown)']);
  });

  test('guests of an identity pool are everybody, as soon as it takes any', () => {
    const pool = (AllowUnauthenticatedIdentities: unknown) => ({
      Role: role([may('s3:GetObject', '*')]),
      Pool: { Type: 'AWS::Cognito::IdentityPool', Properties: { AllowUnauthenticatedIdentities } },
      Roles: {
        Type: 'AWS::Cognito::IdentityPoolRoleAttachment',
        Properties: { IdentityPoolId: { Ref: 'Pool' }, Roles: { unauthenticated: getAtt('Role') } },
      },
    });
    expect(lines(template(pool(false)))).toContain('role Shop/Role: allowed s3:GetObject on *');
    for (const open of [true, 'true', { Ref: 'Guests' }]) {
      const guest = 'anyone * as a guest of Shop/Pool: s3:GetObject on * (new principal)';
      expect(gained(pool(false), pool(open))).toContain(guest);
    }
  });

  test('an identity pool has the roles of its mappings', () => {
    const rules = { Rules: [{ Claim: 'c', MatchType: 'Equals', Value: 'v', RoleARN: getAtt('Role') }] };
    const model = template({
      Role: role([may('s3:GetObject', '*')]),
      Pool: { Type: 'AWS::Cognito::IdentityPool' },
      Roles: {
        Type: 'AWS::Cognito::IdentityPoolRoleAttachment',
        Properties: { IdentityPoolId: { Ref: 'Pool' }, RoleMappings: { site: { RulesConfiguration: rules } } },
      },
    });
    expect(lines(model, 'Shop/Pool')).toEqual(['identity pool Shop/Pool: allowed s3:GetObject on *']);
  });

  test('a permission set, and those to whom it is assigned', () => {
    const set = {
      Type: 'AWS::SSO::PermissionSet',
      Properties: {
        InlinePolicy: JSON.stringify(document(may('s3:GetObject', '*'))),
        ManagedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      },
    };
    const assignment = {
      Type: 'AWS::SSO::Assignment',
      Properties: {
        PermissionSetArn: getAtt('Set', 'PermissionSetArn'),
        PrincipalType: 'GROUP',
        PrincipalId: 'ops',
        TargetId: '111111111111',
      },
    };
    expect(lines(template({ Set: set }))).toEqual([
      'permission set Shop/Set: allowed * s3:GetObject on *'.replace(' s3:GetObject', ''),
    ]);
    expect(gained({ Set: set }, { Set: set, To: assignment })).toEqual([
      'group ops in 111111111111: * on * (new principal)',
    ]);
  });

  test('a managed policy that nobody has yet, and one of IoT', () => {
    expect(lines(template({ Mine: policy({}, 'AWS::IAM::ManagedPolicy') }))).toEqual([
      'policy Shop/Mine: allowed s3:GetObject on *',
    ]);
    expect(lines(template({ Thing: policy({}, 'AWS::IoT::Policy') }))).toEqual([
      'policy Shop/Thing: allowed s3:GetObject on *',
    ]);
  });
});

const open = { Effect: 'Allow', Principal: '*', Action: 'x:Do', Resource: '*' };

describe('policies of resources', () => {
  test.each<[string, object, string]>([
    [
      'AWS::Lambda::LayerVersionPermission',
      {
        Action: 'lambda:GetLayerVersion',
        LayerVersionArn: 'arn:aws:lambda:eu-west-1:111111111111:layer:l:1',
        Principal: '*',
      },
      'lambda:GetLayerVersion',
    ],
    ['AWS::Backup::BackupVault', { AccessPolicy: document(open) }, 'x:Do'],
    ['AWS::KMS::ReplicaKey', { KeyPolicy: document(open) }, 'x:Do'],
    ['AWS::OpenSearchService::Domain', { AccessPolicies: document(open) }, 'x:Do'],
    ['AWS::Elasticsearch::Domain', { AccessPolicies: document(open) }, 'x:Do'],
    ['AWS::ECR::Repository', { RepositoryPolicyText: document(open) }, 'x:Do'],
    ['AWS::EFS::FileSystem', { FileSystemPolicy: document(open) }, 'x:Do'],
    ['AWS::DynamoDB::Table', { StreamSpecification: { ResourcePolicy: { PolicyDocument: document(open) } } }, 'x:Do'],
    ['AWS::DynamoDB::GlobalTable', { Replicas: [{ ResourcePolicy: { PolicyDocument: document(open) } }] }, 'x:Do'],
    ['AWS::Kinesis::ResourcePolicy', { ResourceArn: 's', ResourcePolicy: document(open) }, 'x:Do'],
    ['AWS::S3::AccessPoint', { Policy: document(open) }, 'x:Do'],
    ['AWS::Logs::ResourcePolicy', { PolicyDocument: JSON.stringify(document(open)) }, 'x:Do'],
    ['AWS::Logs::Destination', { DestinationPolicy: { 'Fn::Sub': JSON.stringify(document(open)) } }, 'x:Do'],
    ['AWS::ApiGateway::DomainNameV2', { Policy: document(open) }, 'x:Do'],
    ['AWS::ApiGateway::RestApi', { Body: { 'x-amazon-apigateway-policy': document(open) } }, 'x:Do'],
    ['AWS::Lambda::ResourcePolicy', { ResourceArn: 'f', PolicyDocument: document(open) }, 'x:Do'],
  ])('%s lets everybody in', (type, Properties, action) => {
    const model = template({ One: { Type: type, Properties } });
    const found = accessMatrix(model).entries;
    expect(found.map(({ principal, verdict, actions }) => [principal.kind, verdict, ...actions])).toEqual([
      ['anyone', 'allowed', action],
    ]);
  });

  test('what passes through an endpoint grants nothing by itself, and an endpoint without a policy passes everything', () => {
    const endpoint = (properties: object) => ({ Vpce: { Type: 'AWS::EC2::VPCEndpoint', Properties: properties } });
    const narrow = endpoint({ PolicyDocument: document({ ...open, Action: 's3:GetObject' }) });
    expect(lines(template(narrow))).toEqual([
      'endpoint Shop/Vpce: conditional s3:GetObject on *; a policy of the caller allows it too',
    ]);
    expect(gained(narrow, endpoint({}))).toEqual(['endpoint Shop/Vpce: all but s3:GetObject on * (granted)']);
  });

  test('a statement where no policy is known to stand is unknown, and a change of it is seen', () => {
    const thing = (Action: string) => ({
      Thing: { Type: 'AWS::New::Thing', Properties: { Rules: document(may(Action, '*')) } },
    });
    expect(lines(template(thing('s3:GetObject')))).toEqual([
      "resource Shop/Thing: unknown s3:GetObject on *; 'Rules.Statement.*' of AWS::New::Thing is not known to be a policy",
    ]);
    expect(gained(thing('s3:GetObject'), thing('s3:*'))).toEqual([expect.stringContaining('resource Shop/Thing: s3:')]);
  });
});

describe('what is emptied or chosen', () => {
  test('a null in place of the resources of a resource policy is malformed', () => {
    const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: null };
    const policy = {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: 'b', PolicyDocument: { Statement: [statement] } },
    };
    expect(lines(template({ Policy: policy }))).toEqual([
      expect.stringContaining("'Resource' must be a string, or a list of strings"),
    ]);
  });

  test.each([
    ['Resource', { Resource: [] }],
    ['Resource', { Resource: [{ Ref: 'AWS::NoValue' }] }],
    ['Action', { Action: [] }],
  ])('an empty %s is malformed, not everything', (element, change) => {
    const model = template(worker([{ ...may('s3:GetObject'), ...change }]));
    expect(lines(model, 'Shop/Fn')).toEqual([
      `function Shop/Fn: unknown  on *; '${element}' must be a string, or a list of strings`,
    ]);
  });

  test('a permission and a managed policy are read in every branch', () => {
    const inProd = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['Prod', then, otherwise] });
    const model = template(
      worker([], {
        Role: role([], { ManagedPolicyArns: inProd([], ['arn:aws:iam::aws:policy/AdministratorAccess']) }),
        Permission: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            FunctionName: { Ref: 'Fn' },
            Action: 'lambda:InvokeFunction',
            Principal: 's3.amazonaws.com',
            SourceArn: inProd('arn:aws:s3:::mine', { Ref: 'AWS::NoValue' }),
          },
        },
      }),
      { Parameters: { Stage: { Type: 'String' } }, Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } } },
    );
    expect(lines(model)).toEqual([
      'function Shop/Fn: conditional * on *; when not Prod',
      "service s3.amazonaws.com: conditional lambda:InvokeFunction on Shop/Fn; when Prod; aws:SourceArn is like 'arn:aws:s3:::mine'",
      'service s3.amazonaws.com: conditional lambda:InvokeFunction on Shop/Fn; when not Prod',
    ]);
  });

  test('a variable of the old version is text', () => {
    const home = 'arn:aws:s3:::homes/${aws:username}/*';
    const of = (Version: string) =>
      worker([], {
        Role: role([], {
          Policies: [{ PolicyName: 'p', PolicyDocument: { Version, Statement: may('s3:GetObject', home) } }],
        }),
      });
    expect(gained(of('2012-10-17'), of('2012-10-17'))).toEqual([]);
    expect(gained(of('2008-10-17'), of('2012-10-17'))).toHaveLength(1);
  });
});

describe('open by a setting that is no policy', () => {
  const api = (properties: object, method: object = {}) => ({
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: properties },
    Get: {
      Type: 'AWS::ApiGateway::Method',
      Properties: { RestApiId: { Ref: 'Api' }, HttpMethod: 'GET', AuthorizationType: 'NONE', ...method },
    },
  });
  const route = (key: object) => ({
    Http: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: { ApiId: { Ref: 'Http' }, RouteKey: 'GET /orders', ...key },
    },
  });
  const documented = (security: readonly object[]) =>
    api({
      Body: {
        paths: { '/orders': { get: { security } } },
        components: { securitySchemes: { login: { 'x-amazon-apigateway-authtype': 'awsSigv4' } } },
      },
    });
  const policy = document({
    ...open,
    Action: 'execute-api:Invoke',
    Resource: 'execute-api:/*',
    Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
  });
  const bucket = (properties: object) => ({ Bucket: { Type: 'AWS::S3::Bucket', Properties: properties } });
  const blocked = (value: boolean) => ({
    PublicAccessBlockConfiguration: Object.fromEntries(
      ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].map((name) => [
        name,
        value,
      ]),
    ),
  });
  const fn = { Type: 'AWS::Lambda::Function' };
  const url = (AuthType: string) => ({
    Fn: fn,
    Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType, TargetFunctionArn: getAtt('Fn') } },
  });
  const endpoint = (AuthType: unknown) => ({
    Fn: fn,
    Web: { Type: 'AWS::Lambda::WebFunctionEndpoint', Properties: { AuthType, FunctionName: { Ref: 'Fn' } } },
  });

  test.each<[string, object, object, string]>([
    [
      'a method of a REST API',
      api({}, { AuthorizationType: 'AWS_IAM' }),
      api({}),
      'execute-api:Invoke on Shop/Api/*/GET/ (new principal)',
    ],
    [
      'a removed policy of an API',
      api({ Policy: policy }),
      api({}),
      'execute-api:Invoke on Shop/Api/*/GET/ (condition)',
    ],
    [
      'a route of an HTTP API',
      route({ AuthorizationType: 'JWT' }),
      route({}),
      'execute-api:Invoke on Shop/Http/*/GET/orders (new principal)',
    ],
    [
      'an operation of OpenAPI whose security may be chosen to be none',
      documented([{ login: [] }]),
      documented([{ login: [] }, {}]),
      'execute-api:Invoke on Shop/Api/*/GET/orders (unknown)',
    ],
    ['a function URL', url('AWS_IAM'), url('NONE'), 'lambda:InvokeFunctionUrl on Shop/Fn (new principal)'],
    [
      'a web endpoint',
      endpoint('AWS_IAM'),
      endpoint('ApplicationManaged'),
      'lambda:InvokeFunctionUrl on Shop/Fn (new principal)',
    ],
    [
      'an endpoint that is chosen later',
      endpoint('AWS_IAM'),
      endpoint({ Ref: 'Open' }),
      'lambda:InvokeFunctionUrl on Shop/Fn (new principal)',
    ],
    [
      'the ACL of a bucket',
      bucket({}),
      bucket({ AccessControl: 'PublicRead' }),
      's3:ListBucket on Shop/Bucket (new principal)',
    ],
    ['a public access block', bucket(blocked(true)), bucket(blocked(false)), 's3:* on Shop/Bucket (new principal)'],
  ])('%s', (_, before, after, expected) => {
    expect(gained(before, after)).toContain(`anyone *: ${expected}`);
    expect(gained(after, before)).toEqual([]);
  });

  test('an ACL that a public access block keeps from counting opens nothing', () => {
    expect(lines(template(bucket({ AccessControl: 'PublicReadWrite', ...blocked(true) })))).toEqual([]);
    expect(lines(template(bucket({ AccessControl: 'PublicReadWrite', ...blocked(false) })))).toEqual([
      'anyone *: allowed s3:ListBucket on Shop/Bucket',
      'anyone *: conditional s3:* on Shop/Bucket; a policy or an ACL of the bucket lets anyone in',
      'anyone *: allowed s3:DeleteObject s3:PutObject on Shop/Bucket/*',
      'anyone *: conditional s3:* on Shop/Bucket/*; a policy or an ACL of the bucket lets anyone in',
    ]);
  });
});

describe('what a name stands for', () => {
  const may3 = (Resource: unknown, when?: string) => ({
    Role: role([], {
      Policies: [
        {
          PolicyName: 'p',
          PolicyDocument: document(
            when === undefined
              ? may('s3:GetObject', Resource)
              : { 'Fn::If': [when, may('s3:GetObject', Resource), { Ref: 'AWS::NoValue' }] },
          ),
        },
      ],
    }),
  });
  const equals = (value: string) => ({ 'Fn::Equals': [{ Ref: 'Stage' }, value] });
  const Parameters = { Stage: { Type: 'String' }, Path: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a' } };
  const widened = (before: Model, after: Model) =>
    diffAccess(before, after).widened.map(({ resource, conditions, reason }) =>
      [resource, ...conditions, reason].join('; '),
    );

  test.each<[string, Model, Model, string]>([
    [
      'a condition',
      template(may3('*', 'Prod'), { Parameters, Conditions: { Prod: equals('prod') } }),
      template(may3('*', 'Prod'), { Parameters, Conditions: { Prod: equals('dev') } }),
      '*; when Prod; condition',
    ],
    [
      'a condition that stands on another one',
      template(may3('*', 'Any'), {
        Parameters,
        Conditions: { Prod: equals('prod'), Any: { 'Fn::Or': [{ Condition: 'Prod' }, equals('a')] } },
      }),
      template(may3('*', 'Any'), {
        Parameters,
        Conditions: { Prod: equals('dev'), Any: { 'Fn::Or': [{ Condition: 'Prod' }, equals('a')] } },
      }),
      '*; when Any; condition',
    ],
    [
      'a parameter with a default',
      template(may3({ Ref: 'Arn' }), { Parameters: { Arn: { Type: 'String', Default: 'arn:aws:s3:::mine/*' } } }),
      template(may3({ Ref: 'Arn' }), { Parameters: { Arn: { Type: 'String', Default: '*' } } }),
      '*; granted',
    ],
    [
      'a parameter that is looked up',
      template(may3({ Ref: 'Path' }), { Parameters }),
      template(may3({ Ref: 'Path' }), { Parameters: { ...Parameters, Path: { ...Parameters.Path, Default: '/b' } } }),
      '<Path>; granted',
    ],
    [
      'a mapping',
      template(may3({ 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] }), { Mappings: { M: { a: { k: 'x' } } } }),
      template(may3({ 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] }), { Mappings: { M: { a: { k: '*' } } } }),
      '<Fn.FindInMap depends on AWS.Region>; granted',
    ],
    [
      'an import',
      template(may3({ 'Fn::ImportValue': 'one' })),
      template(may3({ 'Fn::ImportValue': 'other' })),
      '<the import other>; granted',
    ],
  ])('%s', (_, before, after, expected) => {
    expect(widened(before, after)).toEqual([expected]);
    expect(widened(after, after)).toEqual([]);
    expect(JSON.stringify(accessMatrix(after))).not.toMatch(/ #[0-9a-f]{8}/);
  });
});
