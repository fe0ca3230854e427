import { displayName } from '../core/model/display';
import type { Resource } from '../core/model/model';
import { NAME_TABLE } from '../core/model/name-table';
import type { AccessNames } from '../core/iam/access-names';

/** The ARN of a resource as in a template's policy: text, or a CloudFormation function. */
export type PolicyResource =
  | string
  | { readonly Ref: string }
  | { readonly 'Fn::GetAtt': readonly [string, string] }
  | { readonly 'Fn::Sub': string };

/**
 * A resource pattern as a policy in a template would write it. Resources of another template are in angle brackets,
 * since the author decides how to pass them (an export, a parameter).
 * @param template the policy's template
 */
export function resourceExpression(pattern: string, template: string, access: AccessNames): PolicyResource {
  const found = access.find(pattern);
  if (!found) {
    const shown = access.show(pattern);
    return shown.includes('${') ? { 'Fn::Sub': shown } : shown;
  }
  const { resource, rest } = found;
  if (resource.template !== template) return `<ARN of ${displayName(resource)}>${rest}`;
  const attribute = arnAttribute(resource);
  if (attribute === undefined) return { 'Fn::Sub': pseudo(resource) + rest };
  if (rest !== '') return { 'Fn::Sub': `\${${[resource.logicalId, attribute].filter(Boolean).join('.')}}${rest}` };
  return attribute === '' ? { Ref: resource.logicalId } : { 'Fn::GetAtt': [resource.logicalId, attribute] };
}

/** Types whose ARN is neither an attribute nor their `Ref`. */
const WITHOUT_ARN = ['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api', 'AWS::SSM::Parameter', 'AWS::KMS::Alias'];

/** The attribute with the ARN; empty for `Ref`, undefined if there is none. */
function arnAttribute({ type }: Resource): string | undefined {
  if (WITHOUT_ARN.includes(type)) return undefined;
  return NAME_TABLE[type]?.ref === '{Arn}' ? '' : 'Arn';
}

/** The ARN put together from pseudo parameters and `Ref`. */
function pseudo({ type, logicalId }: Resource): string {
  const pattern = NAME_TABLE[type]?.attributes.Arn ?? '';
  return pattern
    .replace('{partition}', '${AWS::Partition}')
    .replace('{region}', '${AWS::Region}')
    .replace('{account}', '${AWS::AccountId}')
    .replace('{/name}', `/\${${logicalId}}`)
    .replace(/\{(id|name)\}/, `\${${logicalId}}`);
}
