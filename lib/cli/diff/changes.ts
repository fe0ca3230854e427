import type * as CloudFormationDiff from '@aws-cdk/cloudformation-diff';
import type { ResourceDifference } from '@aws-cdk/cloudformation-diff';
import type { Model } from '../../core/model/model';
import { ReadError } from '../../core/model/read-error';
import { type Assumptions, inWords } from '../../core/model/select';
import { lossIn } from './losses';
import { type MappingClash, mappingClashes } from './mappings';
import { type MigrationChange, migrationChanges } from './migrations';
import { nameOf, pairsOf, type StackPair, type ScenarioPair, scenarioPairs } from './pairs';
import { type Reboot, rebootsNeeded } from './reboots';
import { type PlainResource, plainResources, unknownsIn } from './plain';
import { type Rename, renamesIn } from './renames';
import { specification, type Specification } from './stateful';

/** What a deployment does to an existing resource. */
export type Effect =
  /** It is deleted. */
  | 'deleted'
  /** It leaves its stack but is kept: `DeletionPolicy: Retain`. */
  | 'orphaned'
  /** It stays, but its data in a region is deleted. */
  | 'deleted in a region'
  /** It stays, but a new value replaces the generated one. */
  | 'regenerated'
  /** It is replaced. */
  | 'replaced'
  /** It may be replaced, according to AWS's specification. */
  | 'may be replaced'
  /** Another type has its logical id, so it is deleted or the deployment fails. */
  | 'of another type'
  /** Its stack is not in HEAD: it stays until someone destroys the stack. */
  | 'left behind'
  /** Only the deployment knows whether it is replaced. */
  | 'unknown';

/** A change to a resource that a deployment would lose, or may lose. */
export interface StackChange {
  /** The stack. */
  readonly stack: string;
  /** The resource's display name. */
  readonly resource: string;
  readonly logicalId: string;
  readonly type: string;
  readonly effect: Effect;
  /** Whether it holds data, or an identity that others depend on. */
  readonly stateful: boolean;
  /** Why: the properties that replace it, or its new type. */
  readonly because: readonly string[];
  /** What is kept of it: `retained`, `a snapshot`. */
  readonly keeps?: string;
  /** The conditions under which this happens, if not always: ` when IsProd`. */
  readonly when?: string;
}

/** An unknown type: whether a change replaces it is unknown. */
export interface UnknownType {
  readonly stack: string;
  readonly resource: string;
  readonly type: string;
}

/** Everything that deploying one model over another replaces, deletes or orphans. */
export interface Changes {
  readonly changes: readonly StackChange[];
  readonly unknownTypes: readonly UnknownType[];
  /** Resources that change their logical id and nothing else. */
  readonly renames: readonly Rename[];
  /** Event source mappings that the deployment fails to create. */
  readonly mappings: readonly MappingClash[];
  /** Changes to database migrations. */
  readonly migrations: readonly MigrationChange[];
  /** Databases whose number of connections changes at a reboot. */
  readonly reboots: readonly Reboot[];
}

/** The input of the comparison. */
interface Comparison {
  readonly pair: StackPair;
  readonly spec: Specification;
  readonly fullDiff: typeof CloudFormationDiff.fullDiff;
}

/** Compares the deployed with the new. Needs `@aws-cdk/cloudformation-diff`. */
export function changesBetween(before: Model, after: Model): Changes {
  const { fullDiff } = require('@aws-cdk/cloudformation-diff') as typeof CloudFormationDiff;
  const spec = specification();
  const pairs = pairsOf(before, after);
  const unknownTypes = new Map<string, UnknownType>();
  const changes = pairs.flatMap((pair) => {
    if (!pair.before) return [];
    const comparison = { pair, spec, fullDiff };
    const scenarios = scenarioPairs(pair);
    const found = scenarios.map((scenario) => changesIn(comparison, scenario, unknownTypes));
    return inAllScenarios(found, scenarios, namesOfConditions(pair));
  });
  return {
    changes,
    unknownTypes: [...unknownTypes.values()],
    renames: renamesIn(pairs),
    mappings: mappingClashes(before, after, changes),
    migrations: migrationChanges(before, after),
    reboots: rebootsNeeded(before, after),
  };
}

/** Merges the same change across scenarios; if not in all, it lists which. */
function inAllScenarios(
  found: readonly (readonly StackChange[])[],
  scenarios: readonly ScenarioPair[],
  conditions: ReadonlySet<string>,
): readonly StackChange[] {
  const seen = new Map<string, { readonly change: StackChange; readonly where: number[] }>();
  found.forEach((changes, scenario) => {
    for (const change of changes) {
      const key = JSON.stringify([change.logicalId, change.effect, change.because]);
      const known = seen.get(key);
      if (known) known.where.push(scenario);
      else seen.set(key, { change, where: [scenario] });
    }
  });
  return [...seen.values()].map(({ change, where }) =>
    where.length === scenarios.length
      ? change
      : {
          ...change,
          when: whenIn(
            where.map((at) => scenarios[at]!),
            conditions,
          ),
        },
  );
}

/** What some scenarios have in common; if nothing, each of them. */
function whenIn(scenarios: readonly ScenarioPair[], conditions: ReadonlySet<string>): string {
  const all = scenarios.map(({ before, after }) => {
    const both: Assumptions = { ...after, ...before };
    const named = Object.entries(both).filter(([name]) => conditions.has(name));
    if (named.length > 0) return Object.fromEntries(named);
    // Where parameters alone decide, by their values before.
    const values = [before, after].map((side) => Object.entries(side).filter(([, holds]) => holds));
    return Object.fromEntries(values.find(({ length }) => length > 0) ?? []);
  });
  const shared = Object.entries(all[0]!).filter(([name, holds]) => all.every((one) => one[name] === holds));
  return shared.length > 0 ? inWords(Object.fromEntries(shared)) : [...new Set(all.map(inWords))].join(', or');
}

const namesOfConditions = ({ before, after }: StackPair): ReadonlySet<string> =>
  new Set([before, after].flatMap((side) => Object.keys(side?.template.conditions ?? {})));

function changesIn(
  { pair, spec, fullDiff }: Comparison,
  scenario: ScenarioPair,
  unknownTypes: Map<string, UnknownType>,
): readonly StackChange[] {
  const old = pair.before!;
  const before = plainResources(old.model, old.template, old.resources, scenario.before);
  const change = (logicalId: string, facts: Pick<StackChange, 'effect' | 'because' | 'keeps'>): StackChange => {
    const { Type: type } = before[logicalId]!;
    const { effect, because, keeps } = facts;
    return {
      stack: pair.stack,
      resource: nameOf(old, logicalId)!,
      logicalId,
      type,
      effect,
      stateful: spec.isStateful(type),
      because,
      keeps,
    };
  };
  if (!pair.after) {
    // A nested stack is removed with its resource.
    const effect = old.template.parent ? 'deleted' : 'left behind';
    return Object.entries(before).map(([logicalId, resource]) =>
      change(logicalId, effect === 'deleted' ? removal(resource) : { effect, because: ['the stack is gone'] }),
    );
  }
  const after = plainResources(pair.after.model, pair.after.template, pair.after.resources, scenario.after);
  const found: StackChange[] = [];
  compared(pair, () => fullDiff({ Resources: before }, { Resources: after })).forEachDifference(
    (logicalId, difference) => {
      const resource = before[logicalId];
      if (!resource || resource.Type === 'AWS::CDK::Metadata') return;
      if (difference.isRemoval) found.push(change(logicalId, removal(resource)));
      else if (difference.resourceTypeChanged) {
        found.push(change(logicalId, { effect: 'of another type', because: [`it becomes ${after[logicalId]!.Type}`] }));
      } else if (!isKnown(spec, resource.Type)) {
        const name = nameOf(old, logicalId)!;
        unknownTypes.set(`${pair.stack} ${logicalId}`, { stack: pair.stack, resource: name, type: resource.Type });
      } else {
        const updated = update(difference, after[logicalId]!);
        const described = updated?.effect === 'replaced' ? updated : (lossIn(resource, after[logicalId]!) ?? updated);
        if (described) found.push(change(logicalId, described));
      }
    },
  );
  return found;
}

/** @throws ReadError when a template is too broken to compare: a policy without a document */
function compared(
  pair: StackPair,
  compare: () => CloudFormationDiff.TemplateDiff,
): CloudFormationDiff.TemplateDiff['resources'] {
  try {
    return compare().resources;
  } catch (error) {
    const { message } = error as Error;
    throw new ReadError(
      pair.stack,
      `cannot be compared: ${message}`,
      "correct what 'lintel check' says of its templates",
    );
  }
}

/** A custom resource's provider decides what a change does; CloudFormation never replaces it because of a property. */
const isKnown = (spec: Specification, type: string): boolean =>
  spec.knows(type) || type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

/** Databases leave a snapshot unless configured otherwise. */
const LEAVES_SNAPSHOT = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];

function removal({ Type: type, DeletionPolicy: policy, Properties: properties }: PlainResource) {
  if (policy === 'Retain' || policy === 'RetainExceptOnCreate') {
    return { effect: 'orphaned', because: [`DeletionPolicy is ${policy}`] } as const;
  }
  const inCluster = properties.DBClusterIdentifier !== undefined;
  const snapshot = policy === 'Snapshot' || (policy === undefined && LEAVES_SNAPSHOT.includes(type) && !inCluster);
  return { effect: 'deleted', because: [], ...(snapshot && { keeps: 'a snapshot' }) } as const;
}

function update(difference: ResourceDifference, after: PlainResource) {
  const reasons: Record<'replaced' | 'may be replaced' | 'unknown', string[]> = {
    replaced: [],
    'may be replaced': [],
    unknown: [],
  };
  for (const [property, { changeImpact, oldValue, newValue }] of Object.entries(difference.propertyUpdates)) {
    if (changeImpact !== 'WILL_REPLACE' && changeImpact !== 'MAY_REPLACE') continue;
    // What both leave open in the same way is equal, so only the rest can differ.
    const sure = unknownsIn(oldValue) === unknownsIn(newValue);
    reasons[!sure ? 'unknown' : changeImpact === 'WILL_REPLACE' ? 'replaced' : 'may be replaced'].push(property);
  }
  const effect = (['replaced', 'may be replaced', 'unknown'] as const).find((one) => reasons[one].length > 0);
  if (effect === undefined) return undefined;
  const policy = after.UpdateReplacePolicy;
  const keeps = policy === 'Retain' ? 'the old one' : policy === 'Snapshot' ? 'a snapshot' : undefined;
  return { effect, because: reasons[effect], keeps };
}
