import { CfnElement } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { inTheNameOf } from '../core/errors';
import { userCalls } from '../core/user-calls';
import { checkPlace } from './construct-checks';

/** The context with which CDK records no creation stacks in a construct. */
const NO_STACKS = 'aws:cdk:disable-creation-stack-traces';
/** Its value here, to tell it from that of an app that wants no creation stacks at all. */
const RECORDED_ONCE = 'recorded once';
/** The metadata type of a creation stack: calls, the innermost first. */
const CREATION_STACK = 'aws:cdk:creationStack';

/** Constructs that record the creation stack of what is in them. */
const RECORDING = new WeakSet<IConstruct>();

/** Patterns that another is made of. */
const PARTS = new WeakSet<object>();
/** Whether the next pattern is a part. */
let part = false;

/**
 * Makes a pattern that another one is made of, from settings that were judged as the other's: they are not judged again, and
 * its resources have the creation stack of the other.
 * @param rename names of the part's props in the user's words, for mistakes that show in it all the same
 */
export function partOf<P extends PatternConstruct>(
  whole: PatternConstruct,
  make: () => P,
  rename?: (prop: string) => string,
): P {
  part = true;
  try {
    return inTheNameOf(whole.node.path, make, rename);
  } finally {
    part = false;
  }
}

/** Whether a construct is a part of a pattern that has judged its props. */
export function isPart(construct: object): boolean {
  return PARTS.has(construct);
}

/**
 * A construct of many resources that a user writes as one: each of them has its creation stack, which leads to the line
 * that the user wrote. CDK would record one for each, which costs a sixth of making them, and holds ten calls: in a deep
 * construct all ten are a library's.
 * @see decisions/040-one-creation-stack.md
 */
export abstract class PatternConstruct extends Construct {
  /** @throws PatternError when the scope is in no stack, or the id is not a string or taken */
  constructor(scope: Construct, id: string) {
    const ofAnother = part;
    part = false;
    checkPlace(new.target, scope, id);
    super(scope, id);
    if (ofAnother) {
      PARTS.add(this);
      return;
    }
    const context: unknown = this.node.tryGetContext(NO_STACKS);
    if (context && context !== RECORDED_ONCE) return;
    // Consumers of creation stacks pass over a call without parentheses.
    const calls = userCalls(new.target).map((call) => (call.endsWith(')') ? call : `<anonymous> (${call})`));
    if (calls.length === 0) return;
    if (!context) this.node.setContext(NO_STACKS, RECORDED_ONCE);
    RECORDING.add(this);
    // At synthesis, so that resources that are added later have one too.
    this.node.addValidation({ validate: () => record(this, calls) });
  }
}

/** Records the calls for each resource in a construct that has none; no error of validation comes of it. */
function record(construct: IConstruct, calls: readonly string[]): string[] {
  for (const child of construct.node.children) {
    if (RECORDING.has(child)) continue;
    if (CfnElement.isCfnElement(child) && child.node.metadata.every(({ type }) => type !== CREATION_STACK)) {
      child.node.addMetadata(CREATION_STACK, calls);
    }
    record(child, calls);
  }
  return [];
}
