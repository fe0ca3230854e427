import { check } from '../../core/check/check';
import { Capability, type AccessStatement } from './capability';

/** What `Access.custom` needs to know. */
export interface CustomAccessProps {
  /** Exact actions, no wildcards: `['rekognition:DetectLabels']`. */
  readonly actions: readonly string[];
  /** ARNs. `'*'` alone only with a `reason`. */
  readonly resources: readonly string[];
  /**
   * The value of the variable that bears the name in `access`.
   * @default - no variable of that name
   */
  readonly value?: string;
  /**
   * Further variables, by suffix of the name: `{ REGION: 'eu-west-1' }` makes `MODEL_REGION` of `MODEL`.
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
   * @default - required for `'*'`
   */
  readonly reason?: string;
}

const ACTION = /^[a-z0-9-]+:[A-Za-z0-9]+$/;

/**
 * A capability that no block and no method of `Access` has.
 * @throws PatternError when an action is no exact action, or a resource is `'*'` without a reason
 */
export function custom(props: CustomAccessProps): Capability {
  const { actions, resources, conditions, reason } = props;
  check('Access.custom', [
    {
      prop: 'actions',
      value: actions,
      valid: () => actions.length > 0 && actions.every((action) => ACTION.test(action)),
      rule: 'must be exact actions, without wildcards',
      remedy: "name each one, such as 's3:GetObject'",
    },
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
      valid: () => Boolean(reason) || !resources.includes('*'),
      rule: "must not be '*' without 'reason'",
      remedy: "give the ARN, or say in 'reason' why the service leaves no choice",
    },
  ]);
  const value: Record<string, string> = props.value === undefined ? {} : { '': props.value };
  return new Capability({
    variables: { ...value, ...props.variables },
    statements: [{ actions, resources, conditions, wildcard: reason }],
  });
}
