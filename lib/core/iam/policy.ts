/** One value or several; IAM accepts both wherever it accepts a list. */
export type OneOrMany<T> = T | readonly T[];

/** A value of a condition, as JSON has it. IAM compares its text. */
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
 * A statement of a policy, as JSON has it.
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
  /** ARNs that it matches; a resource policy may leave it out, and then means its own resource. */
  readonly Resource?: OneOrMany<string>;
  /** It matches every resource except these. */
  readonly NotResource?: OneOrMany<string>;
  /** Whom it matches; in resource policies only. */
  readonly Principal?: PrincipalElement;
  /** It matches everybody except these; in resource policies only. */
  readonly NotPrincipal?: PrincipalElement;
  /** What must hold besides. */
  readonly Condition?: Conditions;
}

/** A policy, as JSON has it. */
export interface PolicyDocument {
  /** The version of the language. Variables are resolved in `2012-10-17` only. */
  readonly Version?: string;
  /** Its name; means nothing. */
  readonly Id?: string;
  /** Its statements. */
  readonly Statement: OneOrMany<Statement>;
}

/** The list that one value or several stand for. */
export function listOf<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList<T>(value: OneOrMany<T>): value is readonly T[] {
  return Array.isArray(value);
}
