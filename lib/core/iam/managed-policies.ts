import type * as data from './managed-policy-data';
import type { Conditions, PolicyDocument, Statement } from './policy';

/** A snapshot of an AWS managed policy. */
export interface ManagedPolicy {
  readonly document: PolicyDocument;
  /** The day on which AWS last edited it, as YYYY-MM-DD. */
  readonly edited: string;
  /** The day on which it was read here, as YYYY-MM-DD. */
  readonly read: string;
}

/** A statement as the data has it: an allow, on everything, unless it says otherwise. */
interface Compact {
  readonly deny?: 1;
  /** `s3:Get*,List* sqs:*`. */
  readonly a?: string;
  /** `NotAction`, in the same words. */
  readonly not?: string;
  readonly on?: string | readonly string[];
  readonly notOn?: string | readonly string[];
  readonly if?: Conditions;
}

const known = new Map<string, ManagedPolicy>();

/** The part of an AWS-managed policy's ARN after `policy/`; undefined for the ARN of anything else. */
export function managedPolicyName(arn: string): string | undefined {
  return /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
}

/**
 * An AWS managed policy, by the part of its ARN after `policy/`. One that is missing here is unknown, which is not the same
 * as granting nothing.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export function managedPolicy(name: string): ManagedPolicy | undefined {
  const { POLICY_DATA: texts } = load();
  const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
  if (text === undefined) return undefined;
  const made = known.get(name) ?? fromText(text);
  known.set(name, made);
  return made;
}

/** The names of the known policies. */
export function managedPolicyNames(): readonly string[] {
  return Object.keys(load().POLICY_DATA);
}

function fromText(text: string): ManagedPolicy {
  const [edited, ...statements] = JSON.parse(text) as [string, ...Compact[]];
  return {
    document: { Version: '2012-10-17', Statement: statements.map(toStatement) },
    edited,
    read: load().POLICY_DATA_DATE,
  };
}

function toStatement({ deny, a, not, on = '*', notOn, if: condition }: Compact): Statement {
  return {
    Effect: deny ? 'Deny' : 'Allow',
    ...(not === undefined ? { Action: actionsIn(a ?? '') } : { NotAction: actionsIn(not) }),
    ...(notOn === undefined ? { Resource: on } : { NotResource: notOn }),
    ...(condition && { Condition: condition }),
  };
}

function actionsIn(text: string): readonly string[] {
  return text.split(' ').flatMap((group) => {
    const [service, names] = group.split(':');
    return names === undefined ? [group] : names.split(',').map((name) => `${service}:${name}`);
  });
}

/** The table is half a megabyte, so it is loaded on demand. */
function load(): typeof data {
  return require('./managed-policy-data') as typeof data;
}
