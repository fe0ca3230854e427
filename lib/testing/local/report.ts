/** A call that a function's role allowed. */
export interface UsedAccess {
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** The ARN of the resource. */
  readonly resource: string;
  /** How often. */
  readonly count: number;
}

/** A call that was refused. */
export interface DeniedAccess extends UsedAccess {
  /** Why, in the evaluator's words. */
  readonly reason: string;
}

/** One action on one resource, as a policy of the role grants it; both may hold wildcards. */
export interface Grant {
  /** As in the policy: `dynamodb:GetItem`, `dynamodb:*`. */
  readonly action: string;
  /** As in the policy, resolved. */
  readonly resource: string;
}

/** How often a function was invoked. */
export interface InvocationCounts {
  /** Times that the handler ran. */
  readonly total: number;
  /** Of these, times that it failed or timed out. */
  readonly failed: number;
  /** Times that it was not invoked, because its reserved concurrency was used up. */
  readonly throttled: number;
}

/** How a role's grants were used. */
export interface RoleUse {
  /** The ARN of the role. */
  readonly role: string;
  /** Calls that were allowed. */
  readonly used: readonly UsedAccess[];
  /** Grants that no call needed. */
  readonly unused: readonly Grant[];
  /** Calls that were refused. */
  readonly denied: readonly DeniedAccess[];
}

/** What one function did with its access. */
export interface FunctionAccess extends RoleUse {
  /** Its construct path, or template and logical id. */
  readonly function: string;
  /** Its template and logical id: `Shop/PlaceOrder1234`. */
  readonly id: string;
  /** What services did with its role: event sources read, destinations written to. */
  readonly platform: readonly UsedAccess[];
  /** How often it was invoked, failed, and was throttled. */
  readonly invocations: InvocationCounts;
}

/** What services did with a role of the templates: schedules, rules, integrations of an API. */
export interface RoleAccess extends RoleUse {
  /** The role's construct path, or template and logical id. */
  readonly name: string;
  /** Construct paths of what acts with it. */
  readonly assumedBy: readonly string[];
}

/** A call that the local run does not support. */
export interface UnsupportedCall {
  /** Who called: a function's construct path, or `tests`. */
  readonly caller: string;
  /** The service as the SDK signs for it: `kinesis`. */
  readonly service: string;
  /** The operation: `PutRecord`. */
  readonly operation: string;
  /** How often. */
  readonly count: number;
}

/** The report of a local run; JSON-serialisable. */
export interface LocalRunReport {
  /** Version of this format. */
  readonly version: 1;
  /** In the order of the templates. */
  readonly functions: readonly FunctionAccess[];
  /** Roles that services act with. */
  readonly roles: readonly RoleAccess[];
  /** Calls that could not be answered. */
  readonly unsupportedCalls: readonly UnsupportedCall[];
}

/** Counts items that are equal in all fields. */
export class Tally<T extends object> {
  private readonly counts = new Map<string, { readonly item: T; count: number }>();

  /** Counts one more. */
  add(item: T): void {
    const key = JSON.stringify(item);
    const known = this.counts.get(key);
    if (known) known.count++;
    else this.counts.set(key, { item, count: 1 });
  }

  /** Each with its count, in the order of first occurrence. */
  list(): readonly (T & { readonly count: number })[] {
    return [...this.counts.values()].map(({ item, count }) => ({ ...item, count }));
  }
}
