import { type PlainResource, unknownsIn } from './plain';

/** A table's region in a template. */
interface Replica {
  readonly Region?: unknown;
}

/**
 * Replicas that a global table loses: CloudFormation deletes the replica of a removed region, whatever the resource's
 * policies.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
 */
export function replicasLost(before: PlainResource, after: PlainResource) {
  const [was, is] = [regionsOf(before), regionsOf(after)];
  const lost = was.filter((region) => !is.includes(region));
  if (lost.length === 0) return undefined;
  const open = unknownsIn(before.Properties.Replicas) !== unknownsIn(after.Properties.Replicas);
  return {
    effect: open ? 'unknown' : 'deleted in a region',
    because: lost.map((region) => `no replica in ${region}`),
  } as const;
}

function regionsOf({ Properties: { Replicas: replicas } }: PlainResource): readonly string[] {
  if (!Array.isArray(replicas)) return [];
  return (replicas as readonly Replica[]).map(({ Region: region }) =>
    typeof region === 'string' ? region : JSON.stringify(region),
  );
}
