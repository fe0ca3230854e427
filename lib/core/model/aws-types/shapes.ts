import { at, isList, isMap, items, literal, toText } from '../select';
import type { Value, ValueMap } from '../values';

/** Conversions of Pulumi's own shapes, on properties that already have CloudFormation's names. */

/** A property, or nothing if it has no value. */
function given(name: string, value: Value | undefined): ValueMap {
  return value === undefined ? {} : { [name]: value };
}

/** A metric's dimensions, from a map to a list. */
export function withDimensions({ Dimensions, Metrics, ...rest }: ValueMap): ValueMap {
  return {
    ...rest,
    ...given('Dimensions', Dimensions && dimensionsOf(Dimensions)),
    ...given('Metrics', isList(Metrics) ? Metrics.map(queryOf) : Metrics),
  };
}

function dimensionsOf(value: Value): Value {
  return isMap(value) ? Object.entries(value).map(([Name, Value]) => ({ Name, Value })) : value;
}

function queryOf(query: Value): Value {
  const metric = at(query, 'MetricStat.Metric');
  if (!isMap(query) || !isMap(metric)) return query;
  const { Dimensions } = metric;
  const Metric = { ...metric, ...(Dimensions !== undefined && { Dimensions: dimensionsOf(Dimensions) }) };
  return { ...query, MetricStat: { ...(query.MetricStat as ValueMap), Metric } };
}

/** `isEnabled` of a rule as its state. */
export function withState({ IsEnabled, ...rest }: ValueMap): ValueMap {
  return IsEnabled === undefined ? rest : { State: IsEnabled === false ? 'DISABLED' : 'ENABLED', ...rest };
}

/** `hashKey` and `rangeKey` as the keys of a table and its indexes; `streamEnabled` as the presence of a stream. */
export function tableOfKeys({ StreamEnabled, ...properties }: ValueMap): ValueMap {
  const { StreamSpecification, ...rest } = properties;
  const stream = given('StreamSpecification', StreamEnabled === false ? undefined : StreamSpecification);
  return { ...indexesOf(withKeys(rest)), ...stream };
}

function indexesOf(table: ValueMap): ValueMap {
  const lists = ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'].flatMap((list) => {
    const indexes = table[list];
    if (!isList(indexes)) return [];
    // A local index has its own sort key and the table's partition key.
    const first = list === 'LocalSecondaryIndexes' ? items(at(table, 'KeySchema'))[0] : undefined;
    return [[list, indexes.map((index) => (isMap(index) ? withKeys(index, first) : index))] as const];
  });
  return { ...table, ...Object.fromEntries(lists) };
}

function withKeys({ HashKey, RangeKey, ...rest }: ValueMap, first?: Value): ValueMap {
  const keys: Value[] = [];
  if (HashKey !== undefined) keys.push({ AttributeName: HashKey, KeyType: 'HASH' });
  else if (first !== undefined) keys.push(first);
  if (RangeKey !== undefined) keys.push({ AttributeName: RangeKey, KeyType: 'RANGE' });
  return keys.length === 0 ? rest : { KeySchema: keys, ...rest };
}

/** ACL names, and settings that are enabled by a word. */
export function bucketOf({ AccessControl, VersioningConfiguration, Grants, ...rest }: ValueMap): ValueMap {
  const versioning = at(VersioningConfiguration, 'Enabled');
  const acl = AccessControl ?? (Grants === undefined ? undefined : aclOfGrants(items(Grants), 'Uri'));
  return {
    ...rest,
    ...(acl !== undefined && { AccessControl: named(acl) }),
    ...(VersioningConfiguration !== undefined && {
      VersioningConfiguration:
        typeof versioning === 'boolean' ? { Status: versioning ? 'Enabled' : 'Suspended' } : VersioningConfiguration,
    }),
  };
}

/** An ACL by its name, or in full. */
export function aclOf({ Acl, AccessControlPolicy, ...rest }: ValueMap): ValueMap {
  return {
    ...rest,
    Acl: Acl === undefined ? aclOfGrants(items(at(AccessControlPolicy, 'Grants')), 'Grantee.Uri') : named(Acl),
  };
}

/** A full ACL lists the permissions of each grantee: a grant to a group of everyone makes it public. */
function aclOfGrants(grants: readonly Value[], uri: string): Value {
  const groups = grants.map((grant) => toText(at(grant, uri)) ?? '');
  if (groups.some((group) => group.endsWith('/AllUsers'))) return 'PublicRead';
  return groups.some((group) => group.endsWith('/AuthenticatedUsers')) ? 'AuthenticatedRead' : 'Private';
}

/** `public-read` as CloudFormation writes it. */
function named(acl: Value): Value {
  if (typeof acl !== 'string') return acl;
  return acl.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** One configuration for each event, and the filter as rules. */
export function notificationOf(properties: ValueMap): ValueMap {
  const entries = Object.entries(properties).map(([name, value]): [string, Value] => [
    name,
    name.endsWith('Configurations') && isList(value) ? value.flatMap(configurationsOf) : value,
  ]);
  return Object.fromEntries(entries);
}

function configurationsOf(value: Value): readonly Value[] {
  if (!isMap(value)) return [value];
  const { Events, FilterPrefix, FilterSuffix, Id: _id, ...rest } = value;
  const rules = [
    ...(FilterPrefix === undefined ? [] : [{ Name: 'prefix', Value: FilterPrefix }]),
    ...(FilterSuffix === undefined ? [] : [{ Name: 'suffix', Value: FilterSuffix }]),
  ];
  const filter = given('Filter', rules.length === 0 ? undefined : { S3Key: { Rules: rules } });
  return items(Events).map((Event) => ({ Event, ...rest, ...filter }));
}

/** Enabled encryption has a key, AWS's own if none is named. */
export function deliveryStreamOf(properties: ValueMap): ValueMap {
  const { [ENCRYPTION]: encryption, Destination: _one, ...rest } = properties;
  const type = rest.KinesisStreamSourceConfiguration === undefined ? undefined : 'KinesisStreamAsSource';
  const source = given('DeliveryStreamType', type);
  if (!isMap(encryption)) return { ...source, ...rest, ...given(ENCRYPTION, encryption) };
  const { Enabled, ...key } = encryption;
  if (literal(Enabled) === false) return { ...source, ...rest };
  return { ...source, ...rest, [ENCRYPTION]: { KeyType: 'AWS_OWNED_CMK', ...key } };
}

const ENCRYPTION = 'DeliveryStreamEncryptionConfigurationInput';

/** Security group rules with one source each, as in CloudFormation. */
export function securityGroupOf({ SecurityGroupIngress, SecurityGroupEgress, ...rest }: ValueMap): ValueMap {
  return {
    ...rest,
    ...(SecurityGroupIngress !== undefined && { SecurityGroupIngress: rulesOf(SecurityGroupIngress) }),
    ...(SecurityGroupEgress !== undefined && { SecurityGroupEgress: rulesOf(SecurityGroupEgress) }),
  };
}

function rulesOf(value: Value): Value {
  return isList(value) ? value.flatMap(sourcesOf) : value;
}

/** One rule per source; the rule itself if it has no known source. */
export function sourcesOf(rule: Value): readonly Value[] {
  if (!isMap(rule)) return [rule];
  const { CidrBlocks, Ipv6CidrBlocks, SecurityGroups, PrefixListIds, Self: _self, ...rest } = rule;
  const found = [
    ...items(CidrBlocks).map((CidrIp) => ({ ...rest, CidrIp })),
    ...items(Ipv6CidrBlocks).map((CidrIpv6) => ({ ...rest, CidrIpv6 })),
    ...items(SecurityGroups).map((SourceSecurityGroupId) => ({ ...rest, SourceSecurityGroupId })),
    ...items(PrefixListIds).map((SourcePrefixListId) => ({ ...rest, SourcePrefixListId })),
  ];
  return found.length === 0 ? [rest] : found;
}

/** The path of a method's settings (`orders/POST`, or all) as path and verb. */
export function methodSettingOf({ MethodPath, Settings, ...rest }: ValueMap): ValueMap {
  const path = toText(MethodPath);
  const slash = path?.lastIndexOf('/') ?? -1;
  const place =
    path === undefined || slash < 0
      ? { ResourcePath: MethodPath ?? '/*', HttpMethod: '*' }
      : {
          ResourcePath: path === '*/*' ? '/*' : `/${path.slice(0, slash).replace(/^\//, '')}`,
          HttpMethod: path.slice(slash + 1),
        };
  return { ...rest, ...place, ...(isMap(Settings) ? Settings : {}) };
}

/** Container definitions in JSON, with the API's property names. */
export function capitalised(value: Value): Value {
  if (isList(value)) return value.map(capitalised);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name.charAt(0).toUpperCase() + name.slice(1), capitalised(item)]),
  );
}
