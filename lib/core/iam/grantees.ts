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

/** How a type grants access without a policy; `*` is any item of a list. */
interface Granting {
  /** The property with the grantee. */
  readonly principals: string;
  /** The IAM actions granted. */
  readonly actions: readonly string[];
  /** The property that names the resource. */
  readonly target?: string;
  /** The property that limits it: permissions, policies, groups. */
  readonly extent: readonly string[];
}

/**
 * Types that grant access by a setting.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const GRANTING = tableOf<Granting>({
  'AWS::EC2::VPCEndpointServicePermissions': {
    principals: 'AllowedPrincipals',
    actions: ['ec2:CreateVpcEndpoint'],
    target: 'ServiceId',
    extent: [],
  },
  'AWS::EKS::AccessEntry': {
    principals: 'PrincipalArn',
    actions: ['eks:AccessKubernetesApi'],
    target: 'ClusterName',
    extent: ['AccessPolicies.*', 'KubernetesGroups.*'],
  },
  'AWS::LakeFormation::DataLakeSettings': {
    principals: 'Admins.*.DataLakePrincipalIdentifier',
    actions: ['lakeformation:*'],
    extent: [],
  },
  'AWS::LakeFormation::Permissions': {
    principals: 'DataLakePrincipal.DataLakePrincipalIdentifier',
    actions: ['lakeformation:GetDataAccess'],
    extent: ['Permissions.*', 'PermissionsWithGrantOption.*', 'Resource'],
  },
  'AWS::LakeFormation::PrincipalPermissions': {
    principals: 'Principal.DataLakePrincipalIdentifier',
    actions: ['lakeformation:GetDataAccess'],
    extent: ['Permissions.*', 'PermissionsWithGrantOption.*', 'Resource'],
  },
  'AWS::S3::AccessGrant': {
    principals: 'Grantee.GranteeIdentifier',
    actions: ['s3:GetDataAccess'],
    extent: ['Permission', 'AccessGrantsLocationConfiguration'],
  },
  'AWS::ServiceCatalog::PortfolioPrincipalAssociation': {
    principals: 'PrincipalARN',
    actions: ['servicecatalog:ProvisionProduct'],
    target: 'PortfolioId',
    extent: [],
  },
});

/** Access granted by settings that name a principal: members of a cluster, a data lake, an endpoint service. */
export function granteeHoldings(model: Model, access: AccessNames, callers: Callers): readonly Holding[] {
  return model.ofType(...Object.keys(GRANTING)).flatMap((resource) => {
    const { principals } = GRANTING[resource.type]!;
    return valuesAt(resource, principals).flatMap((value) => {
      const name = access.names.text(value, resource.template) ?? '<unknown>';
      const Principal = /\.amazonaws\.com$/.test(name) ? { Service: name } : { AWS: name };
      const grants = grantsOf(resource, access);
      return callers
        .of({ Effect: 'Allow', Principal })
        .map((one): Holding => ({ principals: one.principals, ids: [], through: 'setting', grants }));
    });
  });
}

function grantsOf(resource: Resource, access: AccessNames): readonly Grant[] {
  const { actions, target, extent } = GRANTING[resource.type]!;
  const named = target === undefined ? undefined : at(resource, target);
  const arn = named === undefined ? '*' : (access.arnOf(named, resource.template) ?? displayName(resource));
  const conditions = extent.flatMap((path) => extentAt(resource, path, access));
  return open(resource, actions, [arn]).map((grant) => ({
    ...grant,
    conditions: [...grant.conditions, ...conditions],
  }));
}

/** The extent of a grant, as a condition: each additional list item grants more. */
function extentAt(resource: Resource, path: string, access: AccessNames): readonly GrantCondition[] {
  const values = valuesAt(resource, path).flatMap((value) => words(textOf(value, resource, access)));
  return values.length === 0 ? [] : [{ operator: 'StringEquals', key: path.replace('.*', ''), values: values.sort() }];
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
