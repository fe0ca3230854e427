import { Stack } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { parseArn } from '../core/arn';
import { type Check, failuresOf, holds } from '../core/check/check';
import { checkProps, eachConstruct, type ForeignNames, type Shape } from '../core/check/shape';
import { isUnresolved } from '../core/unresolved';
import { elsewhere, nameOf, otherRegion, type Place } from './access/place';
import { topicRows } from './alarms/topic';
import { isPart } from './pattern-construct';
import { partitionOf } from './replicas/regions';

/** A construct whose props are judged before it exists. */
export interface Planned {
  /** Where it is to be created. */
  readonly scope: IConstruct;
  readonly path: string;
}

/**
 * Judges a construct's props: their shape, the construct's own table, and whether the resources among them can be used
 * from where the construct is.
 * @param rows the construct's table
 * @param foreign names from elsewhere, with specific remedies
 * @throws PatternError with all failures at once
 */
export function checkPlacedProps<P extends object>(
  owner: IConstruct | Planned,
  props: P,
  shape: Shape<P>,
  rows: (props: P) => readonly Check[] = () => [],
  foreign: ForeignNames = {},
): void {
  if (isPart(owner)) return;
  const { scope, path } = 'path' in owner ? owner : { scope: owner, path: owner.node.path };
  const all = (given: P) => {
    const own = rows(given);
    const far = placeRows(Stack.of(scope), given).filter((row) => !holds(row));
    if (far.length === 0) return own;
    const told = failuresOf(own).map(({ prop }) => prop);
    return [...own, ...far.filter(({ prop }) => !told.includes(prop))];
  };
  checkProps({ node: { path, root: scope.node.root } }, props, shape, all, foreign);
}

/** The rows for all resources in some props. */
function placeRows(here: Place, props: unknown): Check[] {
  const rows: Check[] = [];
  eachConstruct(props, (prop, value) => {
    for (const { of, check } of REGIONAL) if (of in value) rows.push(...check(prop, value as IConstruct, here));
  });
  return rows;
}

/** A resource that must be near whoever uses it, recognised by a member. */
interface Regional {
  readonly of: string;
  readonly check: (prop: string, resource: IConstruct, here: Place) => Check[];
}

const REGIONAL: readonly Regional[] = [
  { of: 'keyArn', check: keyRows },
  { of: 'vpcId', check: near('a VPC', 'vpcId', 'pass one that is there: new Vpc(...), or Vpc.fromLookup(...)') },
  { of: 'securityGroupId', check: near('a security group', 'securityGroupId', 'pass one of a VPC that is there') },
  { of: 'vpcEndpointId', check: near('a VPC endpoint', 'vpcEndpointId', 'pass one that is there') },
  {
    of: 'layerVersionArn',
    check: near('a layer', 'layerVersionArn', 'publish the layer there too, and pass that version'),
  },
  {
    of: 'codeSigningConfigArn',
    check: near('a code signing configuration', 'codeSigningConfigArn', 'pass one that is there'),
  },
  { of: 'logGroupName', check: logGroupRows },
  { of: 'topicArn', check: (prop, topic, here) => topicRows(prop, topic as ITopic, here) },
];

/** Where a resource is: its ARN, if it is known, says it better than the stack that imports it. */
function placeOf(resource: IConstruct, member: string): Place | undefined {
  const name = (resource as unknown as Readonly<Record<string, unknown>>)[member];
  const arn = typeof name === 'string' && !isUnresolved(name) ? parseArn(name) : undefined;
  return arn?.region ? arn : (resource as { readonly env?: Place }).env;
}

function near(what: string, member: string, remedy: string): Regional['check'] {
  return (prop, value, here) => {
    const there = placeOf(value, member);
    if (there === undefined || !otherRegion(here, there)) return [];
    const rule = `must be ${what} of ${here.region}, where it is used: it is in ${there.region}`;
    return [{ prop, value, valid: () => false, rule, remedy }];
  };
}

/** A replica of a multi-region key has the id of the others. */
const MULTI_REGION = /^key\/mrk-/;

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html */
function keyRows(prop: string, value: IConstruct, here: Place): Check[] {
  const there = placeOf(value, 'keyArn');
  const { keyArn } = value as IConstruct & { readonly keyArn: unknown };
  const arn = typeof keyArn === 'string' && !isUnresolved(keyArn) ? parseArn(keyArn) : undefined;
  if (there !== undefined && otherRegion(here, there)) {
    const replica =
      arn && MULTI_REGION.test(arn.resource) ? [arn.partition, 'kms', here.region, arn.account, arn.resource] : [];
    return [
      {
        prop,
        value,
        valid: () => false,
        rule: `must be a KMS key of ${here.region}, where what it encrypts is: it is in ${there.region}`,
        remedy:
          replica.length > 0
            ? `pass its replica there: Key.fromKeyArn(this, 'Key', 'arn:${replica.join(':')}')`
            : "create one there, or import it: Key.fromKeyArn(this, 'Key', ...)",
      },
    ];
  }
  if (arn === undefined || isUnresolved(arn.region) || isUnresolved(arn.partition)) return [];
  const partition = partitionOf(arn.region);
  return [
    {
      prop,
      value: keyArn,
      valid: () => arn.partition === partition,
      rule: `must have an ARN of the partition '${partition}', in which ${arn.region} is`,
      remedy: `write it as 'arn:${partition}:kms:${arn.region}:${arn.account}:${arn.resource}'`,
    },
  ];
}

/** Lambda is told the name alone, and looks it up where the function is. */
function logGroupRows(prop: string, value: IConstruct, here: Place): Check[] {
  const there = placeOf(value, 'logGroupArn');
  if (there === undefined || !elsewhere(here, there)) return [];
  const rule = `must be a log group in the account and region of what writes to it (${nameOf(here)}), where its name is looked up: it is in ${nameOf(there)}`;
  return [{ prop, value, valid: () => false, rule, remedy: "create it there: new LogGroup(this, 'Logs')" }];
}
