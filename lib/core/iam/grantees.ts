import { tableOf } from '../table';
import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import { at, isList, isMap } from '../model/select';
import type { Value } from '../model/values';
import type { AccessNames } from './access-names';
import type { Callers } from './callers';
import type { Grant, GrantCondition } from './grants';
import type { Holding } from './holdings';
import { open } from './setting-grants';
import { valuesAt } from './role-uses';
import { sharedWith } from './shares';

/** How a type grants access without a policy; `*` is any item of a list. */
interface Granting {
  /** The property with the grantee. */
  readonly principals: string;
  /** The IAM actions granted. */
  readonly actions: readonly string[];
  /** The property that names the resource; `own` is the resource itself. By default it is anything. */
  readonly target?: string;
  /** The property that limits it: permissions, policies, groups. */
  readonly extent: readonly string[];
}

/** The resource itself is what is shared. */
const OWN = 'own';

/**
 * Types that grant access by a setting. Actions in angle brackets are those of a service that calls them otherwise.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const GRANTING = tableOf<readonly Granting[]>({
  'AWS::CleanRooms::Collaboration': [
    {
      principals: 'Members.*.AccountId',
      actions: ['cleanrooms:<what the abilities of a member allow>'],
      target: OWN,
      extent: ['Members.*.MemberAbilities.*'],
    },
  ],
  'AWS::CodeGuruProfiler::ProfilingGroup': [
    {
      principals: 'AgentPermissions.Principals',
      actions: ['codeguru-profiler:ConfigureAgent', 'codeguru-profiler:PostAgentProfile'],
      target: OWN,
      extent: [],
    },
  ],
  'AWS::Config::AggregationAuthorization': [
    { principals: 'AuthorizedAccountId', actions: ['config:<what an aggregator collects>'], extent: [] },
  ],
  'AWS::DLM::LifecyclePolicy': [
    {
      principals: 'PolicyDetails.Schedules.*.ShareRules.*.TargetAccounts',
      actions: ['ec2:CopySnapshot', 'ec2:CreateVolume'],
      target: OWN,
      extent: [],
    },
  ],
  'AWS::DataZone::PolicyGrant': [
    {
      principals: 'Principal.User.UserIdentifier',
      actions: ['datazone:<what the policy of the grant allows>'],
      extent: ['PolicyType'],
    },
  ],
  'AWS::EC2::NetworkInterfacePermission': [
    {
      principals: 'AwsAccountId',
      actions: ['ec2:AttachNetworkInterface'],
      target: 'NetworkInterfaceId',
      extent: ['Permission'],
    },
  ],
  'AWS::EC2::VPCEndpointServicePermissions': [
    { principals: 'AllowedPrincipals', actions: ['ec2:CreateVpcEndpoint'], target: 'ServiceId', extent: [] },
  ],
  'AWS::ECR::ReplicationConfiguration': [
    {
      principals: 'ReplicationConfiguration.Rules.*.Destinations.*.RegistryId',
      actions: ['ecr:<what a registry gets by replication>'],
      extent: ['ReplicationConfiguration.Rules.*.RepositoryFilters.*'],
    },
  ],
  'AWS::EKS::AccessEntry': [
    {
      principals: 'PrincipalArn',
      actions: ['eks:AccessKubernetesApi'],
      target: 'ClusterName',
      extent: ['AccessPolicies.*', 'KubernetesGroups.*'],
    },
  ],
  'AWS::GlobalAccelerator::CrossAccountAttachment': [
    { principals: 'Principals', actions: ['globalaccelerator:AddEndpoints'], target: OWN, extent: ['Resources.*'] },
  ],
  'AWS::Glue::Database': [
    {
      principals: 'DatabaseInput.CreateTableDefaultPermissions.*.Principal.DataLakePrincipalIdentifier',
      actions: ['lakeformation:GetDataAccess'],
      target: OWN,
      extent: ['DatabaseInput.CreateTableDefaultPermissions.*.Permissions.*'],
    },
  ],
  'AWS::ImageBuilder::DistributionConfiguration': [
    'UserIds',
    'UserGroups',
    'OrganizationArns',
    'OrganizationalUnitArns',
  ]
    .map((name): Granting => ({
      principals: `Distributions.*.AmiDistributionConfiguration.LaunchPermissionConfiguration.${name}`,
      actions: ['ec2:CopyImage', 'ec2:RunInstances'],
      target: OWN,
      extent: [],
    }))
    .concat({
      principals: 'Distributions.*.AmiDistributionConfiguration.TargetAccountIds',
      actions: ['ec2:<what the owner of a copy of the image may do>'],
      target: OWN,
      extent: [],
    }),
  'AWS::LakeFormation::DataLakeSettings': [
    { principals: 'Admins.*.DataLakePrincipalIdentifier', actions: ['lakeformation:*'], extent: [] },
    {
      principals: 'ReadOnlyAdmins.*.DataLakePrincipalIdentifier',
      actions: ['lakeformation:Describe*', 'lakeformation:Get*', 'lakeformation:List*', 'lakeformation:Search*'],
      extent: [],
    },
    ...['CreateDatabaseDefaultPermissions', 'CreateTableDefaultPermissions'].map((name) => ({
      principals: `${name}.*.Principal.DataLakePrincipalIdentifier`,
      actions: ['lakeformation:GetDataAccess'],
      extent: [`${name}.*.Permissions.*`],
    })),
    {
      principals: 'ExternalDataFilteringAllowList.*.DataLakePrincipalIdentifier',
      actions: ['lakeformation:GetDataAccess'],
      extent: [],
    },
    { principals: 'TrustedResourceOwners', actions: ['lakeformation:<what an owner may ask for>'], extent: [] },
  ],
  'AWS::LakeFormation::Permissions': [
    {
      principals: 'DataLakePrincipal.DataLakePrincipalIdentifier',
      actions: ['lakeformation:GetDataAccess'],
      extent: ['Permissions.*', 'PermissionsWithGrantOption.*', 'Resource'],
    },
  ],
  'AWS::LakeFormation::PrincipalPermissions': [
    {
      principals: 'Principal.DataLakePrincipalIdentifier',
      actions: ['lakeformation:GetDataAccess'],
      extent: ['Permissions.*', 'PermissionsWithGrantOption.*', 'Resource'],
    },
  ],
  'AWS::LicenseManager::Grant': [
    {
      principals: 'Principals',
      actions: ['license-manager:<what the operations of the grant allow>'],
      target: OWN,
      extent: ['AllowedOperations.*'],
    },
  ],
  'AWS::Lightsail::Bucket': [
    { principals: 'ReadOnlyAccessAccounts', actions: ['s3:GetObject', 's3:ListBucket'], target: OWN, extent: [] },
  ],
  'AWS::MediaConnect::FlowEntitlement': [
    { principals: 'Subscribers', actions: ['mediaconnect:CreateFlow'], target: 'FlowArn', extent: [] },
  ],
  'AWS::QBusiness::DataAccessor': [
    {
      principals: 'Principal',
      actions: ['qbusiness:SearchRelevantContent'],
      target: 'ApplicationId',
      extent: ['ActionConfigurations.*'],
    },
  ],
  'AWS::Redshift::EndpointAuthorization': [
    {
      principals: 'Account',
      actions: ['redshift:CreateEndpointAccess'],
      target: 'ClusterIdentifier',
      extent: ['VpcIds.*'],
    },
  ],
  'AWS::S3::AccessGrant': [
    {
      principals: 'Grantee.GranteeIdentifier',
      actions: ['s3:GetDataAccess'],
      extent: ['Permission', 'AccessGrantsLocationConfiguration'],
    },
  ],
  'AWS::SSO::ApplicationAssignment': [
    { principals: 'PrincipalId', actions: ['sso:<what the application allows>'], target: 'ApplicationArn', extent: [] },
  ],
  'AWS::SecurityLake::Subscriber': [
    {
      principals: 'SubscriberIdentity.Principal',
      actions: ['securitylake:<what a subscription allows>'],
      target: 'DataLakeArn',
      extent: ['AccessTypes.*', 'Sources.*'],
    },
  ],
  'AWS::ServiceCatalog::PortfolioPrincipalAssociation': [
    { principals: 'PrincipalARN', actions: ['servicecatalog:ProvisionProduct'], target: 'PortfolioId', extent: [] },
  ],
  'AWS::ServiceCatalog::PortfolioShare': [
    { principals: 'AccountId', actions: ['servicecatalog:AcceptPortfolioShare'], target: 'PortfolioId', extent: [] },
  ],
});

/** Whether the sharing of a type is read here. */
export const grantsBySetting = (type: string): boolean => Object.hasOwn(GRANTING, type);

/** Access granted by settings that name a principal: members of a cluster, a data lake, an endpoint service, an image. */
export function granteeHoldings(model: Model, access: AccessNames, callers: Callers): readonly Holding[] {
  return model.ofType(...Object.keys(GRANTING)).flatMap((resource) =>
    GRANTING[resource.type]!.flatMap((granting) =>
      valuesAt(resource, granting.principals).flatMap((value) => {
        const name = access.names.text(value, resource.template) ?? '<unknown>';
        // The group of everybody, as images of EC2 have it.
        const { Principal, Condition = {} } = sharedWith(name === 'all' ? '*' : name);
        const among = Object.entries(Condition).flatMap(([operator, keys]) =>
          Object.entries(keys).map(([key, one]): GrantCondition => ({ operator, key, values: [one] })),
        );
        const grants = grantsOf(resource, granting, access).map((grant) => ({
          ...grant,
          conditions: [...grant.conditions, ...among],
        }));
        return callers
          .of({ Effect: 'Allow', Principal })
          .map((one): Holding => ({ principals: one.principals, ids: [], through: 'setting', grants }));
      }),
    ),
  );
}

function grantsOf(resource: Resource, { actions, target, extent }: Granting, access: AccessNames): readonly Grant[] {
  const named = target === undefined || target === OWN ? undefined : at(resource, target);
  const itself = target === OWN ? (access.names.arn(resource) ?? displayName(resource)) : '*';
  const arn = named === undefined ? itself : (access.arnOf(named, resource.template) ?? displayName(resource));
  const conditions = extent.flatMap((path) => extentAt(resource, path, access));
  return open(resource, actions, [arn]).map((grant) => ({
    ...grant,
    conditions: [...grant.conditions, ...conditions],
  }));
}

/** The extent of a grant, as a condition: each additional list item grants more. */
function extentAt(resource: Resource, path: string, access: AccessNames): readonly GrantCondition[] {
  const values = valuesAt(resource, path).flatMap((value) => words(textOf(value, resource, access)));
  return values.length === 0
    ? []
    : [{ operator: 'StringEquals', key: path.replace(/\.\*/g, ''), values: values.sort() }];
}

/** The text of a value, or the texts in it: `cluster`, `111122223333/orders`. */
function textOf(value: Value, resource: Resource, access: AccessNames): string {
  if (isMap(value) || isList(value)) {
    return Object.values(value)
      .map((one) => textOf(one, resource, access))
      .join('/');
  }
  return access.names.text(value, resource.template) ?? '<unknown>';
}

/** Write access implies both. */
function words(permission: string): readonly string[] {
  return permission === 'READWRITE' ? ['READ', 'WRITE'] : [permission];
}
