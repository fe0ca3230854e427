import type { Model, Resource } from '../core/model/model';
import type { Value } from '../core/model/values';
import {
  at,
  type Assumptions,
  describe,
  eachBranch,
  isUnknown,
  toBoolean,
  toNumber,
  toText,
} from '../core/model/select';

/** `error`: AWS rejects the deployment, or data can be lost or exposed. `warning`: advice. */
export type Severity = 'error' | 'warning';

/** One rule: what it looks for, why, and what to do about it. Its id is the name of its file in PascalCase. */
export interface Rule {
  /** `FunctionOwnRole`. */
  readonly id: string;
  /** The severity of its findings. */
  readonly severity: Severity;
  /** What holds if the rule is followed, as a sentence: `Each function has its own role`. */
  readonly title: string;
  /** What goes wrong otherwise. */
  readonly why: string;
  /** What to do about a finding, as an imperative; a finding may have a more specific one. */
  readonly fix: string;
  /** The provider's page. */
  readonly source: string;
  /**
   * The tool the rule belongs to, as the namespace of its ids.
   * @default - Lintel
   */
  readonly tool?: string;
  /** Judges a model. A rule that throws here is reported as failed; `each` narrows that to one resource. */
  check(context: RuleContext): Iterable<Judgement>;
}

/** A rule's verdict on a resource; with none, the resource passes. */
export type Judgement = Finding | Undecided | Failed;

/** A resource that breaks the rule. */
export interface Finding {
  /** The resource. */
  readonly resource: Resource;
  /** The property, dotted: `Environment.Variables.TOKEN`. */
  readonly property?: string;
  /** What is wrong, with the values: `waits 30 seconds, less than the 60 seconds of its consumer Shop/Worker`. */
  readonly message: string;
  /**
   * What to do.
   * @default - the rule's `fix`
   */
  readonly remedy?: string;
  /**
   * Tells a rule's findings on one resource apart, and is stable from run to run: the name of a variable, an
   * action. Never a logical id, whose hash changes, and never a secret.
   * @default - the rule has at most one finding on a resource
   */
  readonly detail?: string;
}

/** A resource that the rule cannot judge, because a value is known only at deployment. Never a pass. */
export interface Undecided {
  /** The resource. */
  readonly resource: Resource;
  /** The property, dotted. */
  readonly property?: string;
  /** Why: `parameter 'Stage' has no default`. */
  readonly reason: string;
}

/** A resource on which the rule itself failed. */
export interface Failed {
  /** The resource; absent if the rule failed on the model as a whole. */
  readonly resource?: Resource;
  /** What was thrown. */
  readonly failure: string;
}

/** What a rule works with. */
export class RuleContext {
  constructor(readonly model: Model) {}

  /** The resources of the given types. */
  ofType(...types: readonly string[]): readonly Resource[] {
    return this.model.ofType(...types);
  }

  /** The resource that a value refers to directly. */
  target(value: unknown): Resource | undefined {
    return this.model.target(value);
  }
}

/** A `check` that judges each resource of the given types by itself: an error on one leaves the others judged. */
export function each(
  types: readonly string[],
  judge: (resource: Resource, context: RuleContext) => Iterable<Judgement>,
): Rule['check'] {
  return function* (context) {
    for (const resource of context.ofType(...types)) {
      try {
        yield* judge(resource, context);
      } catch (error) {
        yield { resource, failure: error instanceof Error ? error.message : String(error) };
      }
    }
  };
}

/** A property in every branch: its known values, and a verdict for each unknown one. */
export interface Known<T> {
  /** The known values, each with the conditions under which it holds. */
  readonly values: readonly { readonly value: T; readonly when: Assumptions }[];
  /** For the rule to yield. */
  readonly unknown: readonly Undecided[];
}

/**
 * Reads a property in every branch.
 * @param parse gives undefined for a value that is not of the expected kind, which makes it unknown
 * @param absent the value if the property is absent; without it such a branch is left out
 */
export function known<T>(
  resource: Resource,
  property: string,
  parse: (value: Value) => T | undefined,
  absent?: T,
): Known<T> {
  const whole = at(resource, property);
  if (whole === undefined && absent === undefined) return NOTHING;
  const values: { value: T; when: Assumptions }[] = [];
  const unknown: Undecided[] = [];
  for (const { value, when } of eachBranch(whole)) {
    const parsed = value === undefined ? absent : parse(value);
    if (parsed !== undefined) values.push({ value: parsed, when });
    else if (value !== undefined) unknown.push(undecided(resource, property, value));
  }
  return { values, unknown };
}

const NOTHING = { values: [], unknown: [] } as const;

/** A number property in every branch (`known`). */
export function numbers(resource: Resource, property: string, absent?: number): Known<number> {
  return known(resource, property, toNumber, absent);
}

/** A text property in every branch (`known`). */
export function texts(resource: Resource, property: string, absent?: string): Known<string> {
  return known(resource, property, toText, absent);
}

/** A boolean property in every branch (`known`). */
export function booleans(resource: Resource, property: string, absent?: boolean): Known<boolean> {
  return known(resource, property, toBoolean, absent);
}

/** The verdict on a value that cannot be judged, with the value's own reason. */
export function undecided(resource: Resource, property: string, value: Value): Undecided {
  return {
    resource,
    property,
    reason: isUnknown(value) ? value.reason : `${describe(value)} is known only at deployment`,
  };
}

/**
 * The verdict on the first property known only at deployment, for which assuming the default would sometimes be wrong.
 * Undefined if all are known or absent.
 */
export function openAmong(resource: Resource, ...properties: readonly string[]): Undecided | undefined {
  for (const property of properties) {
    const open = eachBranch(at(resource, property)).find(({ value }) => isUnknown(value));
    if (open?.value !== undefined) return undecided(resource, property, open.value);
  }
  return undefined;
}
