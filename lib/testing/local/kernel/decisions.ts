import { type AccessPolicies, type Context, type Decision, evaluate, type PolicyDocument } from '../../../access';
import { asList, recordOf } from './json';

/** What is to be decided. */
export interface DecisionRequest {
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** The ARN of the resource. */
  readonly resource: string;
  /** The ARN of the caller, or a service. */
  readonly principal: string;
  /** What the request says of itself. */
  readonly context: Context;
}

/** How many decisions are cached per owner of policies, before the cache is cleared. */
const MOST = 1000;

/** The keys of the time of a request. */
const TIMES = ['aws:currenttime', 'aws:epochtime'];

/** Tells whether a call crosses accounts, whatever the policies read. */
const isAlwaysRead = (key: string) => key === 'aws:ResourceAccount';

/**
 * Caches decisions by everything they depend on: the policies, the principal, action and resource, and the context keys
 * that the policies read.
 */
export class Decisions {
  private readonly made = new WeakMap<object, Map<string, Decision>>();
  private readonly repeated = new WeakMap<object, Map<string, Decision>>();
  private readonly read = new WeakMap<PolicyDocument, readonly string[]>();
  private readonly numbers = new WeakMap<PolicyDocument, number>();
  private count = 0;

  /**
   * Decides a call.
   * @param owner identifies the policies other than the resource's: they never change
   */
  of(owner: object, request: DecisionRequest, policies: AccessPolicies): Decision {
    return remembered(this.made, owner, this.nameOf(request, policies), () => evaluate(request, policies));
  }

  /**
   * Decides a request of which only the time can differ from others of the same name, as when a route invokes its
   * function.
   */
  ofRepeated(resourcePolicy: PolicyDocument, name: string, decide: () => Decision): Decision {
    if (this.keysOf(resourcePolicy).some((key) => TIMES.includes(key))) return decide();
    return remembered(this.repeated, resourcePolicy, name, decide);
  }

  private nameOf({ action, resource, principal, context }: DecisionRequest, policies: AccessPolicies): string {
    const { identity, boundary, resourcePolicy } = policies;
    const documents = [...identity, ...(boundary ? [boundary] : []), ...(resourcePolicy ? [resourcePolicy] : [])];
    const read = documents.flatMap((document) => this.keysOf(document));
    const values = Object.keys(context)
      .filter((key) => isAlwaysRead(key) || (read.length > 0 && read.includes(key.toLowerCase())))
      .map((key) => [key, context[key]]);
    return JSON.stringify([action, resource, principal, resourcePolicy && this.numberOf(resourcePolicy), values]);
  }

  private keysOf(document: PolicyDocument): readonly string[] {
    let keys = this.read.get(document);
    if (!keys) this.read.set(document, (keys = keysReadBy(document)));
    return keys;
  }

  private numberOf(document: PolicyDocument): number {
    const number = this.numbers.get(document) ?? ++this.count;
    this.numbers.set(document, number);
    return number;
  }
}

function remembered(
  cache: WeakMap<object, Map<string, Decision>>,
  owner: object,
  name: string,
  decide: () => Decision,
): Decision {
  let known = cache.get(owner);
  if (!known) cache.set(owner, (known = new Map()));
  const before = known.get(name);
  if (before) return before;
  const decision = decide();
  if (known.size >= MOST) known.clear();
  known.set(name, decision);
  return decision;
}

/** The keys of conditions, and the variables in any text, in lower case. */
function keysReadBy(document: PolicyDocument): readonly string[] {
  const operators = asList(document.Statement).flatMap((statement) =>
    Object.values(recordOf(recordOf(statement).Condition)),
  );
  const variables = [...JSON.stringify(document).matchAll(/\$\{([^{},]*)/g)].map(([, name = '']) => name.trim());
  const keys = [...operators.flatMap((tested) => Object.keys(recordOf(tested))), ...variables];
  return [...new Set(keys.map((key) => key.toLowerCase()))];
}
