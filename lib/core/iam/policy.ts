/** One value or several; IAM accepts both wherever it accepts a list. */
export type OneOrMany<T> = T | readonly T[];

/** A condition value in JSON. IAM compares its text. */
export type ConditionValue = string | number | boolean;

/** The `Condition` of a statement: operator, context key, values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, OneOrMany<ConditionValue>>>>>;

/** The `Principal` of a statement in a resource policy. */
export type PrincipalElement =
  | '*'
  | {
      /** Accounts, users, roles, sessions, or `*`. */
      readonly AWS?: OneOrMany<string>;
      /** Service principals: `sns.amazonaws.com`. */
      readonly Service?: OneOrMany<string>;
      /** Identity providers. */
      readonly Federated?: OneOrMany<string>;
      /** Canonical user ids of Amazon S3. */
      readonly CanonicalUser?: OneOrMany<string>;
    };

/**
 * A policy statement in JSON.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface Statement {
  /** Its name. */
  readonly Sid?: string;
  /** What it does to the requests that it matches. */
  readonly Effect: 'Allow' | 'Deny';
  /** Actions that it matches; exactly one of `Action` and `NotAction` is set. */
  readonly Action?: OneOrMany<string>;
  /** It matches every action except these. */
  readonly NotAction?: OneOrMany<string>;
  /** ARNs that it matches; a resource policy may omit it to mean its own resource. */
  readonly Resource?: OneOrMany<string>;
  /** It matches every resource except these. */
  readonly NotResource?: OneOrMany<string>;
  /** Principals that it matches; in resource policies only. */
  readonly Principal?: PrincipalElement;
  /** It matches every principal except these; in resource policies only. */
  readonly NotPrincipal?: PrincipalElement;
  /** Additional conditions. */
  readonly Condition?: Conditions;
}

/** A policy in JSON. */
export interface PolicyDocument {
  /** The version of the language. Variables are resolved in `2012-10-17` only. */
  readonly Version?: string;
  /** Its name; has no effect. */
  readonly Id?: string;
  /** Its statements. */
  readonly Statement: OneOrMany<Statement>;
}

/** One value or several as a list. */
export function listOf<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList<T>(value: OneOrMany<T>): value is readonly T[] {
  return Array.isArray(value);
}
