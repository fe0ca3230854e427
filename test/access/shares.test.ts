import { accessMatrix, type AccessEntry, diffAccess } from '../../lib/access';
import { template } from './templates';

function inWords({ principal, resource, verdict, actions, conditions, problem }: AccessEntry): string {
  const more = [...conditions, ...(problem === undefined ? [] : [problem])].map((one) => `; ${one}`);
  return `${principal.kind} ${principal.name}: ${verdict} ${actions.join(' ')} on ${resource}${more.join('')}`;
}

type Resources = Parameters<typeof template>[0];
const rows = (resources: object): string[] => accessMatrix(template(resources as Resources)).entries.map(inWords);
const widened = (before: object, after: object): number =>
  diffAccess(template(before as Resources), template(after as Resources)).widened.length;

const Table = { Type: 'AWS::DynamoDB::Table' };

describe('a share of RAM', () => {
  const share = (...Principals: unknown[]) => ({
    Table,
    Share: {
      Type: 'AWS::RAM::ResourceShare',
      Properties: { Name: 's', ResourceArns: [{ 'Fn::GetAtt': ['Table', 'Arn'] }], Principals },
    },
  });

  test.each([
    ['an account', '222222222222', 'account 222222222222'],
    ['a role elsewhere', 'arn:aws:iam::222222222222:role/reader', 'role arn:aws:iam::222222222222:role/reader'],
    ['a service', 'appsync.amazonaws.com', 'service appsync.amazonaws.com'],
    ['an organization', 'arn:aws:organizations::111111111111:organization/o-abc', 'anyone *'],
  ])('with %s is a row, whose actions a permission of RAM says', (_who, principal, shown) => {
    expect(rows(share(principal))).toEqual([
      expect.stringContaining(`${shown}: unknown dynamodb:<what the permission of the share allows> on Shop/Table`),
    ]);
  });

  test('with one account more is a widening', () => {
    expect(widened(share('222222222222'), share('222222222222', '333333333333'))).toBe(1);
    expect(widened(share('222222222222'), share('222222222222'))).toBe(0);
  });
});

describe('a policy for data access of OpenSearch Serverless', () => {
  const policy = (Policy: unknown) => ({
    Access: { Type: 'AWS::OpenSearchServerless::AccessPolicy', Properties: { Name: 'a', Type: 'data', Policy } },
  });
  const rule = (permission: string, principal = 'arn:aws:iam::222222222222:role/reader') =>
    JSON.stringify([
      {
        Rules: [{ ResourceType: 'index', Resource: ['index/logs/*'], Permission: [permission] }],
        Principal: [principal],
      },
    ]);

  test('says who may do what with which index', () => {
    expect(rows(policy(rule('aoss:ReadDocument')))).toEqual([
      expect.stringMatching(/^role arn:aws:iam::222222222222:role\/reader: \w+ aoss:ReadDocument on .*index\/logs\/\*/),
    ]);
    expect(widened(policy(rule('aoss:ReadDocument')), policy(rule('aoss:*')))).toBeGreaterThan(0);
  });

  test.each([
    ['that is no JSON', 'anything'],
    ['that is known only at deployment', { Ref: 'Open' }],
  ])('%s is unknown, not nothing', (_what, text) => {
    const model = template(policy(text), { Parameters: { Open: { Type: 'String' } } });
    expect(accessMatrix(model).entries.map(inWords)).toEqual([expect.stringContaining('unknown')]);
  });
});

describe('an API of AppSync', () => {
  const graphql = (properties: object) => ({ Api: { Type: 'AWS::AppSync::GraphQLApi', Properties: properties } });

  test('that asks for a key is open to everybody who has it', () => {
    expect(rows(graphql({ AuthenticationType: 'API_KEY' }))).toEqual([
      'anyone *: conditional appsync:GraphQL on Shop/Api/*; an API key is given',
    ]);
    const others = [{ AuthenticationType: 'API_KEY' }];
    expect(rows(graphql({ AuthenticationType: 'AWS_IAM', AdditionalAuthenticationProviders: others }))).toEqual([
      expect.stringContaining('the schema opens the field to keys'),
    ]);
    expect(rows(graphql({ AuthenticationType: 'AWS_IAM' }))).toEqual([]);
  });

  test('is a widening when it no longer asks who calls', () => {
    expect(widened(graphql({ AuthenticationType: 'AWS_IAM' }), graphql({ AuthenticationType: 'API_KEY' }))).toBe(1);
  });

  test('of events opens what its modes open', () => {
    const config = {
      ConnectionAuthModes: [{ AuthType: 'API_KEY' }],
      DefaultPublishAuthModes: [{ AuthType: 'AWS_IAM' }],
    };
    expect(rows({ Api: { Type: 'AWS::AppSync::Api', Properties: { EventConfig: config } } })).toEqual([
      'anyone *: conditional appsync:EventConnect on Shop/Api/*; an API key is given',
    ]);
  });
});

test('an access point whose public access block is off is told of like a bucket', () => {
  const point = (block: object | undefined) => ({
    Point: { Type: 'AWS::S3::AccessPoint', Properties: { Bucket: 'b', PublicAccessBlockConfiguration: block } },
  });
  const off = {
    BlockPublicAcls: false,
    BlockPublicPolicy: false,
    IgnorePublicAcls: false,
    RestrictPublicBuckets: false,
  };
  const all = Object.fromEntries(Object.keys(off).map((name) => [name, true]));
  expect(rows(point(off))).toContainEqual(
    'anyone *: conditional s3:* on Shop/Point/object/*; the policies of the access point and of its bucket let anyone in',
  );
  expect(rows(point(all))).toEqual([]);
  expect(widened(point(all), point(off))).toBe(2);
});

describe('who is let in by name', () => {
  const ROLE = 'arn:aws:iam::222222222222:role/reader';
  const scope = (policy: string) => ({
    PolicyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
    AccessScope: { Type: 'cluster' },
  });
  test.each<[string, object, object]>([
    [
      'AWS::EKS::AccessEntry',
      { PrincipalArn: ROLE, AccessPolicies: [scope('View')] },
      { PrincipalArn: ROLE, AccessPolicies: [scope('View'), scope('Admin')] },
    ],
    [
      'AWS::EKS::AccessEntry',
      { PrincipalArn: ROLE, KubernetesGroups: ['readers'] },
      { PrincipalArn: ROLE, KubernetesGroups: ['readers', 'admins'] },
    ],
    [
      'AWS::EC2::VPCEndpointServicePermissions',
      { ServiceId: 's', AllowedPrincipals: [ROLE] },
      { ServiceId: 's', AllowedPrincipals: [ROLE, '*'] },
    ],
    [
      'AWS::LakeFormation::PrincipalPermissions',
      {
        Principal: { DataLakePrincipalIdentifier: ROLE },
        Resource: { Database: { Name: 'd' } },
        Permissions: ['DESCRIBE'],
      },
      {
        Principal: { DataLakePrincipalIdentifier: ROLE },
        Resource: { Database: { Name: 'd' } },
        Permissions: ['DESCRIBE', 'DROP'],
      },
    ],
    [
      'AWS::S3::AccessGrant',
      { Grantee: { GranteeIdentifier: ROLE }, Permission: 'READ' },
      { Grantee: { GranteeIdentifier: ROLE }, Permission: 'READWRITE' },
    ],
    [
      'AWS::QuickSight::Dashboard',
      { Permissions: [{ Principal: ROLE, Actions: ['quicksight:DescribeDashboard'] }] },
      { Permissions: [{ Principal: ROLE, Actions: ['quicksight:DescribeDashboard', 'quicksight:DeleteDashboard'] }] },
    ],
  ])('%s: more is a widening, and less is none: %j', (Type, less, more) => {
    const [before, after] = [less, more].map((Properties) => ({ Grant: { Type, Properties } }));
    expect([widened(before!, after!), widened(after!, before!), widened(before!, before!)]).toEqual([1, 0, 0]);
  });
});

test('a multi-Region access point whose public access block is off is told of', () => {
  const point = (block?: object) => ({
    Point: { Type: 'AWS::S3::MultiRegionAccessPoint', Properties: { Regions: [], ...block } },
  });
  expect(widened(point(), point({ PublicAccessBlockConfiguration: { BlockPublicPolicy: false } }))).toBeGreaterThan(0);
});

describe('an image', () => {
  const image = (LaunchPermissionConfiguration: object) => ({
    Image: {
      Type: 'AWS::ImageBuilder::DistributionConfiguration',
      Properties: {
        Name: 'd',
        Distributions: [{ Region: 'eu-west-1', AmiDistributionConfiguration: { LaunchPermissionConfiguration } }],
      },
    },
  });

  test('is launched by accounts, organizations and everybody whom its distribution names', () => {
    const can = 'ec2:CopyImage ec2:RunInstances on Shop/Image';
    const organization = 'arn:aws:organizations::111111111111:organization/o-abc';
    expect(rows(image({ UserIds: ['111111111111'] }))).toEqual([`account 111111111111: allowed ${can}`]);
    expect(rows(image({ UserGroups: ['all'] }))).toEqual([`anyone *: allowed ${can}`]);
    expect(rows(image({ OrganizationArns: [organization] }))).toEqual([
      `anyone *: conditional ${can}; aws:PrincipalOrgID is 'o-abc'`,
    ]);
  });

  test('for everybody in place of an account is a widening, for one account of two is none', () => {
    const [two, one] = [image({ UserIds: ['111111111111', '222222222222'] }), image({ UserIds: ['111111111111'] })];
    expect(widened(one, image({ UserGroups: ['all'] }))).toBe(1);
    expect(widened(one, two)).toBe(1);
    expect(widened(two, one)).toBe(0);
  });
});

test.each<[string, object, string]>([
  [
    'AWS::DLM::LifecyclePolicy',
    { PolicyDetails: { Schedules: [{ ShareRules: [{ TargetAccounts: ['111111111111'] }] }] } },
    'account 111111111111: allowed ec2:CopySnapshot ec2:CreateVolume on Shop/One',
  ],
  [
    'AWS::ECR::ReplicationConfiguration',
    { ReplicationConfiguration: { Rules: [{ Destinations: [{ Region: 'eu-west-1', RegistryId: '111111111111' }] }] } },
    'account 111111111111: unknown ecr:<what a registry gets by replication> on *',
  ],
  [
    'AWS::GlobalAccelerator::CrossAccountAttachment',
    { Name: 'a', Principals: ['111111111111'] },
    'account 111111111111: allowed globalaccelerator:AddEndpoints on Shop/One',
  ],
  [
    'AWS::Lightsail::Bucket',
    { BucketName: 'b', AccessRules: { GetObject: 'public' } },
    'anyone *: allowed s3:GetObject s3:ListBucket on Shop/One',
  ],
  [
    'AWS::Location::APIKey',
    { KeyName: 'k', Restrictions: { AllowActions: ['geo-maps:GetTile'], AllowResources: ['*'] } },
    'anyone *: conditional geo-maps:GetTile on *; an API key is given',
  ],
  [
    'AWS::Signer::ProfilePermission',
    { ProfileName: 'p', Action: 'signer:StartSigningJob', Principal: '111111111111' },
    'account 111111111111: allowed signer:StartSigningJob on p',
  ],
  [
    'AWS::EntityResolution::PolicyStatement',
    { Effect: 'Allow', Action: ['entityresolution:StartMatchingJob'], Principal: ['111111111111'] },
    'resource Shop/One: unknown  on *; AWS::EntityResolution::PolicyStatement is not known to be a policy',
  ],
  [
    'AWS::Brand::New',
    { Sharing: { AllowedPrincipals: ['arn:aws:iam::111111111111:root'] } },
    "account 111111111111: unknown brand:<what it allows> on *; 'Sharing.AllowedPrincipals' of AWS::Brand::New is not known to be a policy",
  ],
])('what %s shares is a row', (Type, Properties, row) => {
  expect(rows({ One: { Type, Properties } })).toEqual([expect.stringContaining(row)]);
});
