import { boundariesAlone } from '../../core/iam/boundaries';
import { expand } from '../../core/iam/action-set';
import { covers, overlaps } from '../../core/iam/coverage';
import type { TemplateStatement } from '../../core/iam/documents';
import { ModelAccess } from '../../core/iam/model-access';
import { listOf, type Statement } from '../../core/iam/policy';
import type { ResourcePolicy } from '../../core/iam/resource-policies';
import type { Model, Resource } from '../../core/model/model';
import type { Judgement, Undecided } from '../rule';
import { indexed } from '../../core/model/indexed';

/** A readable statement and its place. */
export interface PlacedStatement extends TemplateStatement {
  /** As JSON. */
  readonly statement: Statement;
  /** The resource policy it belongs to; undefined for an identity policy. */
  readonly policy?: ResourcePolicy;
}

interface Statements {
  readonly readable: readonly PlacedStatement[];
  readonly unreadable: readonly TemplateStatement[];
}

const ofIdentities = indexed((model) =>
  parted(ModelAccess.of(model).identityPolicies.flatMap(({ statements }) => statements)),
);

const ofResources = indexed((model) =>
  parted(
    ModelAccess.of(model)
      .resourcePolicies.filter(({ role }) => role !== 'endpoint')
      .flatMap((policy) => policy.statements.map((statement) => ({ ...statement, policy }))),
  ),
);

/** Every statement of every identity policy of a model: inline, attached, customer managed. */
export const identityStatements = (model: Model): readonly PlacedStatement[] => ofIdentities(model).readable;

/** Those that allow something to somebody: the statements of a permissions boundary alone do not. */
export const grantingStatements: (model: Model) => readonly PlacedStatement[] = indexed((model) => {
  const boundaries = boundariesAlone(model);
  return identityStatements(model).filter(({ holder }) => !boundaries.has(holder));
});

/** Statements of identity policies that cannot be read. */
export const unreadIdentityStatements = (model: Model): readonly TemplateStatement[] => ofIdentities(model).unreadable;

/** Every statement about who may use a resource or assume a role; function permissions have separate rules. */
export const resourceStatements: (model: Model) => readonly PlacedStatement[] = indexed((model) =>
  ofResources(model).readable.filter(({ holder }) => holder.type !== 'AWS::Lambda::Permission'),
);

/** Statements with a principal in a property not known to hold a policy. */
export const sweptResourceStatements = (model: Model): readonly PlacedStatement[] =>
  parted(ModelAccess.of(model).swept).readable.filter(
    ({ statement }) => (statement.Principal ?? statement.NotPrincipal) !== undefined,
  );

/** Statements of resource policies and trust policies that cannot be read. */
export const unreadResourceStatements = (model: Model): readonly TemplateStatement[] => ofResources(model).unreadable;

function parted<T extends TemplateStatement>(all: readonly T[]): Statements {
  return {
    readable: all.filter((one): one is T & PlacedStatement => one.statement !== undefined),
    unreadable: all.filter(({ statement }) => statement === undefined),
  };
}

/** The verdict on a statement that cannot be read. */
export function unread({ holder, property, problem }: TemplateStatement): Undecided {
  return { resource: holder, property, reason: problem ?? 'it cannot be read' };
}

/** Whether a statement covers an action, through `Action` or `NotAction`. */
export function namesAction({ Action, NotAction }: Statement, action: string): boolean {
  return expand({ patterns: listOf(Action ?? NotAction), negated: Action === undefined }).has(action);
}

/** The service principals of a statement: `sns.amazonaws.com`. */
export function servicesOf({ Principal }: Statement): readonly string[] {
  return typeof Principal === 'object' ? listOf(Principal.Service) : [];
}

/** Whether a statement admits everyone: `Principal: '*'`, `{ AWS: '*' }` or an allowing `NotPrincipal`. */
export function isForEverybody({ Effect, Principal, NotPrincipal }: Statement): boolean {
  if (NotPrincipal !== undefined) return Effect === 'Allow';
  return Principal === '*' || (typeof Principal === 'object' && listOf(Principal.AWS).includes('*'));
}

/** One key of a condition. */
export interface ConditionKey {
  /** `StringEquals`. */
  readonly operator: string;
  /** In lower case. */
  readonly key: string;
  /** As text. */
  readonly values: readonly string[];
}

/** The condition keys of a statement, in lower case, with their operators and values. */
export function conditionsOf({ Condition }: Statement): readonly ConditionKey[] {
  return Object.entries(Condition ?? {}).flatMap(([operator, block]) =>
    Object.entries(block).map(([key, value]) => ({
      operator,
      key: key.toLowerCase(),
      values: listOf(value).map(String),
    })),
  );
}

/** Whether a statement checks the source that a service acts for, which prevents a confused deputy. */
export function asksForSource(statement: Statement): boolean {
  return conditionsOf(statement).some(({ key, values }) => SOURCE_KEYS.includes(key) && !values.includes('*'));
}

const SOURCE_KEYS = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceowner', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/** Condition keys that narrow `*` to certain callers. */
const WHO_KEYS = [
  ...SOURCE_KEYS,
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principaltag',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceip',
  'aws:userid',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
];

/** Whether a statement's condition narrows `*` to certain callers. */
export function asksWho(statement: Statement): boolean {
  return conditionsOf(statement).some(
    ({ operator, key, values }) =>
      isWhoKey(key) && !/^(?:ForAllValues:)?(?:\w*Not\w+|Null)|IfExists$/.test(operator) && !values.includes('*'),
  );
}

/**
 * Whether a statement's policy denies what it allows to all but certain callers: everyone outside a network,
 * an account or an organization.
 */
export function isNarrowedByDenial({ statement, policy }: PlacedStatement): boolean {
  const allowed = expand({
    patterns: listOf(statement.Action ?? statement.NotAction),
    negated: statement.Action === undefined,
  });
  return (policy?.statements ?? []).some(({ statement: denial, when }) => {
    if (denial?.Effect !== 'Deny' || denial.NotPrincipal !== undefined || Object.keys(when).length > 0) return false;
    const conditions = conditionsOf(denial);
    const keepsOut =
      conditions.length > 0 &&
      conditions.every(
        ({ operator, key, values }) =>
          isWhoKey(key) && NEGATED.test(operator) && !values.some((value) => EVERYBODY.includes(value)),
      );
    if (!keepsOut || !isForEverybody({ ...denial, Effect: 'Allow' })) return false;
    const denied = expand({
      patterns: listOf(denial.Action ?? denial.NotAction),
      negated: denial.Action === undefined,
    });
    const resources = listOf(statement.Resource ?? '*');
    const kept = listOf(denial.Resource ?? (denial.NotResource === undefined ? '*' : []));
    return (
      [...allowed].every((name) => denied.has(name)) && resources.every((one) => kept.some((wide) => covers(wide, one)))
    );
  });
}

const NEGATED = /^(?:ForAnyValue:)?(?:StringNot|ArnNot|NotIpAddress)\w*?$/;

/** Values that exclude no one. */
const EVERYBODY = ['*', '0.0.0.0/0', '::/0'];

function isWhoKey(key: string): boolean {
  return WHO_KEYS.some((known) => key === known || key.startsWith(`${known}/`));
}

/** Deduplicates judgements: to a reader, a statement in two branches of a condition is one statement. */
export function* once(judgements: Iterable<Judgement>): Iterable<Judgement> {
  const seen = new Set<string>();
  for (const judgement of judgements) {
    const words = 'message' in judgement ? judgement.message : 'reason' in judgement ? judgement.reason : '';
    const property = 'property' in judgement ? judgement.property : undefined;
    const key = [judgement.resource?.id, property, words].join('\u0000');
    if (!seen.has(key)) yield judgement;
    seen.add(key);
  }
}

/** Whether a statement admits calls on behalf of a resource, judged by the ARNs in its `aws:SourceArn`. */
export function speaksOf(model: Model, statement: Statement, source: Resource | undefined): boolean {
  const { names } = ModelAccess.of(model);
  const arns = conditionsOf(statement)
    .filter(({ key, operator }) => key === 'aws:sourcearn' && !operator.includes('Not'))
    .flatMap(({ values }) => values);
  const own = source && names.names.arn(source);
  if (arns.length === 0 || own === undefined) return true;
  return arns.some((arn) => {
    const found = names.find(arn);
    return found ? found.resource === source : overlaps(arn, own) || names.mayBeSame(arn, own);
  });
}
