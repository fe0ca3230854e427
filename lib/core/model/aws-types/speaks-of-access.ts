import { isList, isMap } from '../select';
import type { Value } from '../values';

/**
 * Of Pulumi's 1,700 AWS types, untranslated ones matter if they grant access, hold a secret or open something to the
 * public. No rule reads the others under CloudFormation's name either: networks and DNS, backup schedules, domains and
 * certificates by ARN, dashboards, limits, tags, machine learning, media.
 */

/** Kinds that always matter, whatever they set: identities, organizations, shares, grants, attachments. */
const WHOLE_KINDS =
  /^aws:(?:iam(?!\/(?:openIdConnectProvider|samlProvider|account\w+|serviceLinkedRole|signingCertificate|virtualMfaDevice|organizationsFeatures):)|organizations|ram|ssoadmin|identitystore|lakeformation|rolesanywhere|verifiedpermissions)\/|:\w*(?:Permissions?|Grant|Access(?:Entry|Policy|PolicyAssociation)|Sharing|Share|ResourcePolicy|PrincipalAssociation)$/;

/** Names of inputs that grant access, hold a secret, or open something. */
const SPEAKING =
  /(?:^|[a-z])(?:policyDocument|policyText)$|^(?:policy|policies|accessPolic(?:y|ies)|\w*[rR]esourcePolicy|assumeRolePolicy|inlinePolicy|ingress)$|[pP]rincipal(?:s|Arn|Id)?$|[pP]assword(?:Wo)?$|^passwords$|[sS]ecret(?:String|Key|AccessKey)$|[cC]lientSecret$|[aA]uthToken$|[pP]rivateKey(?:Wo)?$|[pP]ubliclyAccessible$|[pP]ermissions?$|^acl$|[a-z]Acl$|[aA]nonymous\w*$|^allowUnauthenticated\w*$|^grants?$|[eE]nvironmentVariables$/;

/** Settings with these names mean something else. */
const OTHERWISE = /^(?:networkAcl|webAcl|objectAcl|s3ObjectAcl)$/;

/** The inputs that make an untranslated type matter; the whole of it if its kind always matters. */
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
      // A private or disabled setting does not matter.
      if (SPEAKING.test(name) && !OTHERWISE.test(name) && item !== false && item !== 'private') found.add(name);
      collect(item, found);
    }
  }
}
