import { Token } from 'aws-cdk-lib';
import type { Check } from '../../core/check/check';
import { either, filled, list, matching, needed, record, text } from '../../core/check/kinds';
import { checkProps, type Shape } from '../../core/check/shape';
import { OPERATORS } from '../../core/iam/condition-operators';
import { OPERATOR } from '../../core/iam/conditions';
import { actionDataDate, findAction, nearestAction } from '../../core/iam/actions';
import { Capability, type AccessStatement } from './capability';

/** Props of `Access.custom`. */
export interface CustomAccessProps {
  /** Exact actions, no wildcards: `['rekognition:DetectLabels']`. */
  readonly actions: readonly string[];
  /** ARNs. One that covers all resources of its type (`'*'`, `.../table/*`) needs a `reason`. */
  readonly resources: readonly string[];
  /**
   * The value of the variable named as in `access`.
   * @default - no variable of that name
   */
  readonly value?: string;
  /**
   * Further variables, by suffix of the name: `{ REGION: 'eu-west-1' }` turns `MODEL` into `MODEL_REGION`.
   * @default - none
   */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * Condition operators, keys and values.
   * @default - none
   */
  readonly conditions?: AccessStatement['conditions'];
  /**
   * Why a resource is a wildcard: `'Rekognition has no resource-level permission for DetectLabels'`.
   * @default - required for a resource that covers its whole type
   */
  readonly reason?: string;
}

const ACTION = /^[a-z0-9-]+:[A-Za-z0-9]+$/;

/** Covers all resources of its type: `*`, `table/*`, `log-group:*`; a bucket's `uploads/*` still names the bucket. */
const NAMES_NOTHING =
  /^(?:[*?/:]+|(?!.*:s3:)arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:[a-z-]+[/:])?[*?/:]+|arn:[^:]*:s3:::[*?/:]+)$/;

const namesNothing = (resource: string): boolean => !Token.isUnresolved(resource) && NAMES_NOTHING.test(resource);

/**
 * A capability that no block and no method of `Access` offers.
 * @throws PatternError when an action is not exact, or does not exist on AWS, or a resource covers its whole
 * type (`'*'`, `arn:aws:dynamodb:eu-west-1:111122223333:table/*`) without a reason
 */
export function custom(props: CustomAccessProps): Capability {
  checkProps('Access.custom', props, SHAPE, checksOf);
  const { actions, resources, conditions, reason } = props;
  const value: Record<string, string> = props.value === undefined ? {} : { '': props.value };
  return new Capability({
    variables: { ...value, ...props.variables },
    statements: [{ actions, resources, conditions, wildcard: reason }],
  });
}

const RESOURCE = matching(/^([*?]+|arn:.+)$/, "must be an ARN, or '*'", 'arn:aws:s3:::uploads/*');

const COMPARED = either(
  'must be a string or a list of strings',
  () => "write it as ['o-a1b2c3d4e5']",
  text('o-a1b2c3d4e5'),
  list(text('o-a1b2c3d4e5'), "['o-a1b2c3d4e5']"),
);

const EXAMPLE = "{ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }";

const SHAPE: Shape<CustomAccessProps> = {
  actions: needed(list(text('s3:GetObject'), "['s3:GetObject']"), "name each one: ['s3:GetObject']"),
  resources: needed(list(RESOURCE, "['arn:aws:s3:::uploads/*']"), 'give the ARN of each'),
  value: text('eu.amazon.nova-lite-v1:0'),
  variables: record(text('eu-west-1'), "{ REGION: 'eu-west-1' }"),
  conditions: record(record(COMPARED, EXAMPLE), EXAMPLE, {
    ...text('StringEquals'),
    inside: (name: string, prop) => [
      {
        prop,
        value: name,
        valid: () => name === 'Null' || OPERATORS.has(OPERATOR.exec(name)?.[2] ?? ''),
        rule: 'must be an operator of IAM',
        remedy: `write it as ${EXAMPLE}`,
      },
    ],
  }),
  reason: filled('DetectLabels has no resource-level permission'),
};

function checksOf({ actions, resources, reason }: CustomAccessProps): Check[] {
  return [
    {
      prop: 'actions',
      value: actions,
      valid: () => actions.length > 0 && actions.every((action) => ACTION.test(action)),
      rule: 'must be exact actions, without wildcards',
      remedy: "name each one, such as 's3:GetObject'",
    },
    ...actions
      .filter((action) => ACTION.test(action) && findAction(action) === undefined)
      .map((action) => ({
        prop: 'actions',
        value: action,
        valid: () => false,
        rule: `must be actions that AWS has (as of ${actionDataDate()})`,
        remedy: remedyFor(action),
      })),
    {
      prop: 'resources',
      value: resources,
      valid: () => resources.length > 0,
      rule: 'must name at least one resource',
      remedy: 'give its ARN',
    },
    {
      prop: 'resources',
      value: resources,
      valid: () => Boolean(reason) || !resources.some(namesNothing),
      rule: "must name particular resources, or say why not in 'reason'",
      remedy: "give the ARN, or say in 'reason' why the service leaves no choice",
    },
  ];
}

function remedyFor(action: string): string {
  const meant = nearestAction(action);
  return meant === undefined ? 'take the name from the Service Authorization Reference' : `did you mean '${meant}'?`;
}
