import { type AccessPolicies, type Context, type Decision, evaluate, type PolicyDocument } from '../../../access';
import { list, record } from './json';

/** What is to be decided. */
export interface DecisionRequest {
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** The ARN of the resource. */
  readonly resource: string;
  /** The ARN of who asks, or a service. */
  readonly principal: string;
  /** What the request says of itself. */
  readonly context: Context;
}

/** So many decisions are remembered for one owner of policies; then it begins anew. */
const MOST = 1000;

/** It tells whether a call crosses accounts, whatever the policies read. */
const isAlwaysRead = (key: string) => key === 'aws:ResourceAccount';

/**
 * Remembers decisions. One depends on the policies, on who asks for what, and on those keys of the context that the
 * policies read; by all of that it is found again.
 */
export class Decisions {
  private readonly made = new WeakMap<object, Map<string, Decision>>();
  private readonly read = new WeakMap<PolicyDocument, readonly string[]>();
  private readonly numbers = new WeakMap<PolicyDocument, number>();
  private count = 0;

  /**
   * Decides a call.
   * @param owner stands for the policies beside that of the resource: they never change
   */
  of(owner: object, request: DecisionRequest, policies: AccessPolicies): Decision {
    let known = this.made.get(owner);
    if (!known) this.made.set(owner, (known = new Map()));
    const name = this.nameOf(request, policies);
    const before = known.get(name);
    if (before) return before;
    const decision = evaluate(request, policies);
    if (known.size >= MOST) known.clear();
    known.set(name, decision);
    return decision;
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

/** The keys of conditions, and the variables in any text, in lower case. */
function keysReadBy(document: PolicyDocument): readonly string[] {
  const operators = list(document.Statement).flatMap((statement) => Object.values(record(record(statement).Condition)));
  const variables = [...JSON.stringify(document).matchAll(/\$\{([^{},]*)/g)].map(([, name = '']) => name.trim());
  const keys = [...operators.flatMap((tested) => Object.keys(record(tested))), ...variables];
  return [...new Set(keys.map((key) => key.toLowerCase()))];
}
