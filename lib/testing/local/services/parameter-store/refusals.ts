import { AwsError } from '../../kernel/aws-errors';
import { isRecord, type JsonObject, asList, parseJson, recordOf, text } from '../../kernel/json';
import { isReadable } from './allowed-pattern';
import { checkName, newVersion } from './parameter';

/** Longest ARN of a parameter. */
const LONGEST_ARN = 1011;
const MOST_POLICIES = 10;
/** What each policy must say. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  Expiration: ['Timestamp'],
  ExpirationNotification: ['Before', 'Unit'],
  NoChangeNotification: ['After', 'Unit'],
};

/**
 * Why Systems Manager, or CloudFormation before it, refuses a template's parameter; empty if it is accepted.
 * @param arn of the parameter
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export function parameterFaults(properties: JsonObject, arn: string): readonly string[] {
  const name = text(properties.Name);
  const { AllowedPattern, ...others } = properties;
  const readable = isReadable(text(AllowedPattern) ?? '');
  return [
    ...(name === undefined ? [] : said(() => checkName(name))),
    ...(arn.length > LONGEST_ARN ? [`its ARN has at most ${LONGEST_ARN} characters, got ${arn.length}`] : []),
    ...(properties.Type === 'SecureString'
      ? ['CloudFormation does not create parameters of the type SecureString']
      : []),
    ...said(() => void newVersion(readable ? properties : others, undefined)),
    ...policyFaults(properties),
  ];
}

/** What is wrong with the policies of a parameter, in the service's words. */
export function policyFaults({ Policies, Tier }: JsonObject): readonly string[] {
  if (Policies === undefined || Policies === null || Tier === null || Policies === '') return [];
  const policies = typeof Policies === 'string' ? parseJson(Policies) : Policies;
  if (!Array.isArray(policies)) return ['Invalid policies input'];
  if (policies.length === 0) return [];
  const of = (type: string) => policies.filter((policy) => recordOf(policy).Type === type).length;
  return [
    ...(text(Tier) === undefined || Tier === 'Standard'
      ? ["You can't assign parameter policies to a standard-parameter tier."]
      : []),
    ...(policies.length > MOST_POLICIES
      ? [`Number of policies attached to a parameter cannot exceed ${MOST_POLICIES}`]
      : []),
    ...policies.flatMap(policyFault),
    ...(of('Expiration') > 1 ? ['There can be only one expiration policy'] : []),
    ...(of('ExpirationNotification') > 0 && of('Expiration') === 0
      ? ['Expiration notification policies are missing expiration policy']
      : []),
  ];
}

function policyFault(policy: unknown): readonly string[] {
  const { Type, Version, Attributes } = recordOf(policy);
  const needed = ATTRIBUTES[text(Type) ?? ''];
  if (!needed) return [`Policy type ${text(Type)} is not supported.`];
  if (Version !== '1.0') return ['Unsupported policy version.'];
  if (!isRecord(Attributes)) return ['Mandatory policy attribute Attributes is missing.'];
  const missing = needed.filter((name) => Attributes[name] === undefined);
  return missing.map((name) => `Mandatory policy attribute ${name} is missing.`);
}

/** Whether a parameter has policies. */
export function hasPolicies({ Policies }: JsonObject): boolean {
  return asList(typeof Policies === 'string' ? parseJson(Policies) : Policies).length > 0;
}

/** What a refusal says. */
function said(attempt: () => void): readonly string[] {
  try {
    attempt();
    return [];
  } catch (error) {
    if (error instanceof AwsError) return [error.message];
    throw error;
  }
}
