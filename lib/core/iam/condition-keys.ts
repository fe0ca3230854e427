import type * as data from './request-data';

/**
 * Global condition keys; `*` is a user-chosen name.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const GLOBAL =
  'AssumedRoot,CalledVia,CalledViaFirst,CalledViaLast,ChatbotSourceArn,CurrentTime,Ec2InstanceSourceVpc,' +
  'Ec2InstanceSourcePrivateIPv4,EpochTime,FederatedProvider,IsMcpServiceAction,MultiFactorAuthAge,MultiFactorAuthPresent,' +
  'PrincipalAccount,PrincipalArn,PrincipalIsAWSService,PrincipalOrgID,PrincipalOrgPaths,PrincipalServiceName,' +
  'PrincipalServiceNamesList,PrincipalTag/*,PrincipalType,Referer,RequestedRegion,RequestTag/*,ResourceAccount,' +
  'ResourceOrgID,ResourceOrgPaths,ResourceTag/*,SecureTransport,SignInSessionArn,SourceAccount,SourceArn,' +
  'SourceIdentity,SourceIp,SourceOrgID,SourceOrgPaths,SourceOwner,SourceVpc,SourceVpcArn,SourceVpce,TagKeys,' +
  'TokenIssueTime,UserAgent,userid,username,VpcSourceIp,ViaAWSService,ViaAWSMCPService,CalledViaAWSMCP,VpceAccount,' +
  'VpceOrgID,VpceOrgPaths,SigninFromCloudShell';

/** Documented by their services but missing from the reference. */
const MORE: Readonly<Record<string, string>> = {
  'execute-api': 'viaWebACL',
  logs: 'DestinationArn',
};

const tables = new Map<string, readonly string[]>();

/**
 * Whether AWS knows a condition key, ignoring case; undefined if unknown: a key of an identity provider, or of a
 * service that lists none.
 */
export function isConditionKey(key: string): boolean | undefined {
  const [service = '', ...rest] = key.toLowerCase().split(':');
  const names = namesOf(service);
  if (names === undefined) return undefined;
  const name = rest.join(':');
  return names.some((known) =>
    known.endsWith('*') ? name.length >= known.length && name.startsWith(known.slice(0, -1)) : known === name,
  );
}

function namesOf(service: string): readonly string[] | undefined {
  const known = tables.get(service);
  if (known) return known;
  // IoT's condition keys are not listed anywhere.
  if (service === 'iot') return undefined;
  const { CONDITION_KEYS } = load();
  const text =
    service === 'aws' ? GLOBAL : Object.hasOwn(CONDITION_KEYS, service) ? CONDITION_KEYS[service]! : undefined;
  if (text === undefined) return undefined;
  const more = Object.hasOwn(MORE, service) ? `,${MORE[service]}` : '';
  const names = `${text}${more}`.toLowerCase().split(',');
  tables.set(service, names);
  return names;
}

/** Loaded on demand. */
function load(): typeof data {
  return require('./request-data') as typeof data;
}
