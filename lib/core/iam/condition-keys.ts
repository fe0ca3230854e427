import type * as data from './request-data';

/**
 * Condition keys that every service may be asked for; a star stands for a name of the user's.
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

/** Documented with their services, and missing in the reference. */
const MORE: Readonly<Record<string, string>> = {
  'execute-api': 'viaWebACL',
  logs: 'DestinationArn',
};

const tables = new Map<string, readonly string[]>();

/**
 * Whether a key of a condition is one that AWS knows, in any case; undefined where that is unknown: the key of a
 * provider of identities, or of a service that names none.
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
  // What a policy of IoT may ask for is in no list.
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

/** Loaded by those who ask. */
function load(): typeof data {
  return require('./request-data') as typeof data;
}
