import { accountNamedBy } from '../../../core/arn';
import { isOpen, SOME_ACCOUNT } from '../../../core/iam/access-names';
import { ModelAccess, type ResourceStatement } from '../../../core/iam/model-access';
import { listOf, type Statement } from '../../../core/iam/policy';
import { entriesOf } from '../../../core/iam/principal-match';
import type { Model, Resource } from '../../../core/model/model';
import { type Assumptions, at, eachBranch, inWords, isUnknown, toBoolean } from '../../../core/model/select';
import { isForEverybody, namesAction } from '../../lookups/statements';
import { each, type Rule, undecided } from '../../rule';

const ACTION = 'kms:PutKeyPolicy';
const BYPASS = 'BypassPolicyLockoutSafetyCheck';

export const keyPolicyLockout: Rule = {
  id: 'KeyPolicyLockout',
  severity: 'error',
  title: 'The policy of a key lets somebody in its account change it',
  why: 'KMS refuses a key that nobody could manage. Where the check is bypassed, only AWS Support gets it back.',
  fix: 'allow kms:* to the account, arn:aws:iam::<account>:root, whose IAM policies then say who may',
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html',
  check: each(['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'], function* (key, { model }) {
    const bypass = eachBranch(at(key, BYPASS)).map(({ value }) => value);
    if (at(key, 'KeyPolicy') === undefined || bypass.some((value) => toBoolean(value) === true)) return;
    const statements = ModelAccess.of(model)
      .statementsAbout(key)
      .filter(({ holder }) => holder === key);
    const locked = scenariosOf(statements).flatMap((when) => {
      const present = statements.filter((one) => holdsIn(one.when, when));
      return present.length > 0 && isLocked(model, key, present) ? [{ when, present }] : [];
    });
    const [first] = locked;
    if (!first) return;
    const unread = first.present.find(({ statement }) => statement === undefined);
    const unnamed = first.present.some(({ statement }) => statement?.Effect === 'Allow' && hasOpenActions(statement));
    const open = bypass.find(isUnknown);
    const property = 'KeyPolicy';
    if (unread) yield { resource: key, property, reason: unread.problem ?? 'a statement cannot be read' };
    else if (unnamed)
      yield { resource: key, property, reason: 'the actions of a statement are known only at deployment' };
    else if (open) yield undecided(key, BYPASS, open);
    else yield { resource: key, property, message: `lets nobody in its account change it${inWords(first.when)}` };
  }),
};

/** Every outcome of the conditions on which statements depend, alone; together they would be too many. */
function scenariosOf(statements: readonly ResourceStatement[]): readonly Assumptions[] {
  const conditions = new Set(statements.flatMap(({ when }) => Object.keys(when)));
  return [{}, ...[...conditions].flatMap((name) => [{ [name]: true }, { [name]: false }])];
}

/** Whether a statement may exist in a scenario; without assumptions, every one may. */
function holdsIn(when: Assumptions, scenario: Assumptions): boolean {
  return Object.entries(scenario).every(([name, outcome]) => (when[name] ?? outcome) === outcome);
}

function isLocked(model: Model, key: Resource, present: readonly ResourceStatement[]): boolean {
  const account = model.templates.get(key.template)?.environment?.account;
  const own = (principal: string) => isOfAccount(principal, account) && !isMadeWith(model, key, principal);
  const admitted = present.some(({ statement }) => statement?.Effect === 'Allow' && admits(statement, own));
  return (
    !admitted || present.some(({ statement, when }) => Object.keys(when).length === 0 && statement && bars(statement))
  );
}

function admits(statement: Statement, own: (principal: string) => boolean): boolean {
  if (!namesAction(statement, ACTION)) return false;
  if (statement.NotPrincipal !== undefined) return true;
  return entriesOf(statement.Principal ?? '*').some(([type, name]) => name === '*' || (type === 'AWS' && own(name)));
}

function hasOpenActions({ Action, NotAction }: Statement): boolean {
  return listOf(Action ?? NotAction).some(isOpen);
}

/** A denial without a condition for everybody. */
function bars(statement: Statement): boolean {
  if (statement.Effect !== 'Deny' || statement.Condition !== undefined || statement.NotPrincipal !== undefined)
    return false;
  return isForEverybody(statement) && namesAction(statement, ACTION);
}

function isOfAccount(principal: string, account: string | undefined): boolean {
  const named = accountNamedBy(principal) ?? /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
  return named === undefined || isOpen(principal) || account === undefined || [account, SOME_ACCOUNT].includes(named);
}

/** A role or user of the same template comes with the key, so it is not the one that creates it. */
function isMadeWith(model: Model, key: Resource, principal: string): boolean {
  const found = ModelAccess.of(model).names.find(principal)?.resource;
  return found?.template === key.template && ['AWS::IAM::Role', 'AWS::IAM::User'].includes(found.type);
}
