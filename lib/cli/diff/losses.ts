import { type PlainResource, unknownsIn } from './plain';
import { replicasLost } from './replicas';

/** Losses in an update that AWS's specification does not list as a replacement. */
type Loss =
  | { readonly effect: 'replaced' | 'regenerated' | 'unknown'; readonly because: readonly string[] }
  | ReturnType<typeof replicasLost>;

type LossOf = (before: PlainResource, after: PlainResource) => Loss;

const BY_TYPE: Readonly<Record<string, LossOf | undefined>> = {
  'AWS::DynamoDB::GlobalTable': replicasLost,
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
  'AWS::DynamoDB::Table': byChangeOf('LocalSecondaryIndexes', 'replaced'),
  // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2210
  'AWS::SecretsManager::Secret': (before, after) =>
    after.Properties.GenerateSecretString === undefined
      ? undefined
      : byChangeOf('GenerateSecretString', 'regenerated')(before, after),
};

/** Losses in a resource's update that the specification does not know. */
export function lossIn(before: PlainResource, after: PlainResource): Loss {
  return BY_TYPE[before.Type]?.(before, after);
}

function byChangeOf(property: string, effect: 'replaced' | 'regenerated'): LossOf {
  return ({ Properties: before }, { Properties: after }) => {
    const [was, is] = [before[property], after[property]];
    if (inAnyOrder(was) === inAnyOrder(is)) return undefined;
    return { effect: unknownsIn(was) === unknownsIn(is) ? effect : 'unknown', because: [property] };
  };
}

const inAnyOrder = (value: unknown): string =>
  JSON.stringify(Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value);
