import { displayName } from '../../core/model/display';
import type { Resource } from '../../core/model/model';
import type { Side, StackPair } from './pairs';
import { plainResources } from './plain';

/** A resource that changes only its logical id. */
export interface Rename {
  readonly type: string;
  readonly from: Place;
  readonly to: Place;
  /** Its environment, as far as the assembly names it. */
  readonly environment: { readonly account?: string; readonly region?: string };
}

/** Where a resource is. */
export interface Place {
  readonly stack: string;
  readonly logicalId: string;
  /** Its display name. */
  readonly resource: string;
}

/** A resource whose logical id is on one side only. */
interface Unpaired {
  readonly resource: Resource;
  readonly stack: string;
  readonly side: Side;
  /** What must be equal in both. */
  readonly similarity: string;
}

/**
 * Resources that were renamed, or moved between stacks of one environment: exactly one of a type and properties is
 * removed and one added. References to a renamed resource are compared by its new name. A plain deployment creates new
 * ones and deletes the old.
 */
export function renamesIn(pairs: readonly StackPair[]): readonly Rename[] {
  let known: readonly Rename[] = [];
  for (;;) {
    const found = renamesGiven(pairs, known);
    if (found.length === known.length) return found;
    known = found;
  }
}

function renamesGiven(pairs: readonly StackPair[], known: readonly Rename[]): readonly Rename[] {
  const gone = pairs.flatMap(({ stack, before, after }) => unpaired(stack, before, after, newNames(stack, known)));
  const come = pairs.flatMap(({ stack, before, after }) => unpaired(stack, after, before, new Map()));
  return gone.flatMap((old) => {
    const [twins, successors] = [gone, come].map((some) =>
      some.filter(({ similarity }) => similarity === old.similarity),
    );
    const [successor] = successors!;
    if (!successor || twins!.length > 1 || successors!.length > 1) return [];
    const [from, to] = [old, successor].map(placeOf);
    return [{ type: old.resource.type, from: from!, to: to!, environment: old.side.template.environment ?? {} }];
  });
}

/** The new logical ids of what was renamed within a stack. */
const newNames = (stack: string, renames: readonly Rename[]): ReadonlyMap<string, string> =>
  new Map(
    renames
      .filter(({ from, to }) => from.stack === stack && to.stack === stack)
      .map(({ from, to }) => [from.logicalId, to.logicalId]),
  );

/** A plain value as text, with references by their new names. */
function withNames(value: unknown, names: ReadonlyMap<string, string>): string {
  return JSON.stringify(value, (key, one: unknown) => {
    if (key === 'Ref' && typeof one === 'string') return names.get(one) ?? one;
    if (key !== 'Fn::GetAtt' || !Array.isArray(one)) return one;
    const [id, ...attribute] = one as string[];
    return [names.get(id!) ?? id, ...attribute];
  });
}

const placeOf = ({ stack, resource }: Unpaired): Place => ({
  stack,
  logicalId: resource.logicalId,
  resource: displayName(resource),
});

function unpaired(
  stack: string,
  side: Side | undefined,
  other: Side | undefined,
  names: ReadonlyMap<string, string>,
): readonly Unpaired[] {
  // CloudFormation does not move resources of nested stacks.
  if (!side || side.template.parent) return [];
  const kept = new Set(other?.resources.map(({ logicalId }) => logicalId));
  const resources = side.resources.filter(
    ({ logicalId, type }) => !kept.has(logicalId) && type !== 'AWS::CDK::Metadata',
  );
  const plain = plainResources(side.model, side.template, resources, {});
  const environment = JSON.stringify(side.template.environment ?? {});
  return resources.map((resource) => ({
    resource,
    stack,
    side,
    similarity: `${environment} ${withNames(plain[resource.logicalId], names)}`,
  }));
}

/**
 * The renames as an override file for `cdk refactor`, which requires a separate deployment for them.
 * @see https://docs.aws.amazon.com/cdk/v2/guide/refactor.html
 */
export function refactorOverrides(renames: readonly Rename[]): string {
  const groups = new Map<string, { account: string; region: string; resources: Record<string, string> }>();
  for (const { from, to, environment } of renames) {
    const { account = 'unknown-account', region = 'unknown-region' } = environment;
    const key = `${account} ${region}`;
    const group = groups.get(key) ?? { account, region, resources: {} };
    group.resources[`${from.stack}.${from.logicalId}`] = `${to.stack}.${to.logicalId}`;
    groups.set(key, group);
  }
  return `${JSON.stringify({ environments: [...groups.values()] }, null, 2)}\n`;
}
