import { isList, isMap } from '../select';
import type { Value } from '../values';

/**
 * Of Pulumi's 1,700 types of AWS, those that are not translated matter where they say who may do what, hold a secret or open
 * something to the public. All others are of kinds that no rule reads under CloudFormation's name either: networks and DNS,
 * schedules of backups, domains and certificates by ARN, dashboards, limits, tags, what belongs to machine learning or media.
 */

/** Kinds of which nothing is harmless, whatever they set: identities, organizations, shares, grants, attachments. */
const WHOLE_KINDS =
  /^aws:(?:iam(?!\/(?:openIdConnectProvider|samlProvider|account\w+|serviceLinkedRole|signingCertificate|virtualMfaDevice|organizationsFeatures):)|organizations|ram|ssoadmin|identitystore|lakeformation|rolesanywhere|verifiedpermissions)\/|:\w*(?:Permissions?|Grant|Access(?:Entry|Policy|PolicyAssociation)|Sharing|Share|ResourcePolicy|PrincipalAssociation)$/;

/** Names of inputs that say who may do what, hold a secret, or open something. */
const SPEAKING =
  /(?:^|[a-z])(?:policyDocument|policyText)$|^(?:policy|policies|accessPolic(?:y|ies)|\w*[rR]esourcePolicy|assumeRolePolicy|inlinePolicy|ingress)$|[pP]rincipal(?:s|Arn|Id)?$|[pP]assword(?:Wo)?$|^passwords$|[sS]ecret(?:String|Key|AccessKey)$|[cC]lientSecret$|[aA]uthToken$|[pP]rivateKey(?:Wo)?$|[pP]ubliclyAccessible$|[pP]ermissions?$|^acl$|[a-z]Acl$|[aA]nonymous\w*$|^allowUnauthenticated\w*$|^grants?$|[eE]nvironmentVariables$/;

/** Settings of these names are something else. */
const OTHERWISE = /^(?:networkAcl|webAcl|objectAcl|s3ObjectAcl)$/;

/** The names of inputs of a type that is not translated by which it matters; all of it where it is of such a kind. */
export function accessIn(type: string, inputs: Value): readonly string[] {
  if (type.endsWith(':LifecyclePolicy')) return [];
  if (WHOLE_KINDS.test(type)) return ['all of it'];
  const found = new Set<string>();
  collect(inputs, found);
  return [...found].sort();
}

function collect(value: Value, found: Set<string>): void {
  if (isList(value)) for (const item of value) collect(item, found);
  else if (isMap(value)) {
    for (const [name, item] of Object.entries(value)) {
      // What is private or switched off says nothing.
      if (SPEAKING.test(name) && !OTHERWISE.test(name) && item !== false && item !== 'private') found.add(name);
      collect(item, found);
    }
  }
}
