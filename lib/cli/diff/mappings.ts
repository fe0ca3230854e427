import { isRecord } from '../../core/record';
import { displayName } from '../../core/model/display';
import type { Model } from '../../core/model/model';
import type { StackChange } from './changes';
import { pairsOf, type Side } from './pairs';
import { plainResources } from './plain';

/** A mapping that Lambda refuses because one for the same source and function still exists. */
export interface MappingClash {
  readonly stack: string;
  /** The new one's display name. */
  readonly resource: string;
  readonly logicalId: string;
  /** Logical id of the existing one. */
  readonly existing: string;
}

const MAPPING = 'AWS::Lambda::EventSourceMapping';

/**
 * Mappings created before the old one is deleted: under another logical id, or by replacement. Lambda allows one per
 * source and function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function mappingClashes(before: Model, after: Model, changes: readonly StackChange[]): readonly MappingClash[] {
  return pairsOf(before, after).flatMap(({ stack, before: base, after: head }) => {
    if (!base || !head) return [];
    const old = connectionsOf(base);
    const replaced = new Set(
      changes.filter((one) => one.stack === stack && one.effect === 'replaced').map(({ logicalId }) => logicalId),
    );
    return [...connectionsOf(head)].flatMap(([logicalId, connection]) => {
      if (old.has(logicalId) && !replaced.has(logicalId)) return [];
      const existing = [...old].find(([, one]) => one === connection)?.[0];
      if (existing === undefined) return [];
      const resource = displayName(head.resources.find((one) => one.logicalId === logicalId)!);
      return [{ stack, resource, logicalId, existing }];
    });
  });
}

/** What each mapping of a side connects, by its logical id. */
function connectionsOf({ model, template, resources }: Side): ReadonlyMap<string, string> {
  const mappings = resources.filter(({ type }) => type === MAPPING);
  const plain = Object.entries(plainResources(model, template, mappings, {}));
  return new Map(
    plain.flatMap(([logicalId, { Properties }]): [string, string][] => {
      const { EventSourceArn: source, FunctionName: fn } = Properties;
      // Sources without an ARN, such as a self-managed Kafka cluster, are identified by topic, too.
      return source === undefined || fn === undefined ? [] : [[logicalId, JSON.stringify([source, functionOf(fn)])]];
    }),
  );
}

/** A function's name and its ARN are one function. */
function functionOf(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { Ref, 'Fn::GetAtt': attribute } = value;
  if (Array.isArray(attribute) && attribute[1] === 'Arn') return { Ref: attribute[0] as unknown };
  return Ref === undefined ? value : { Ref };
}
