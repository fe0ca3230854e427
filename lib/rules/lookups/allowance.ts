import { type Model, type Resource } from '../../core/model/model';
import { at, isUnknown, toText } from '../../core/model/select';
import { Reference, Text, type Value } from '../../core/model/values';
import { functionsNamed } from './functions';
import { managedActions } from './managed-policies';
import { managedPoliciesOf, type Statement, statementsOf } from './policies';

/** Whether the policies of a role let it do something; `unknown` where one of them is not in the template. */
export type Allowance = 'yes' | 'no' | 'unknown';

/**
 * Whether a role may do an action on a resource, as far as its policies show. Conditions are taken as met and denials
 * are not looked for: a rule asks whether a permission is missing, the access matrix asks the exact question.
 */
export function allowance(model: Model, role: Resource, action: string, target: Value): Allowance {
  const answers = [
    ...statementsOf(model, role).map((statement) => ofStatement(model, statement, action, target)),
    ...managedPoliciesOf(model, role).map((policy) => ofManagedPolicy(policy, action)),
  ];
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}

/** The actions of a list that a role lacks on a resource; `unknown` where that cannot be told. */
export function lacking(model: Model, role: Resource, actions: readonly string[], target: Value): string[] | 'unknown' {
  const answers = actions.map((action) => ({ action, answer: allowance(model, role, action, target) }));
  const missing = answers.filter(({ answer }) => answer === 'no').map(({ action }) => action);
  return missing.length === 0 && answers.some(({ answer }) => answer === 'unknown') ? 'unknown' : missing;
}

/** Whether a pattern of a policy (`sqs:Send*`) names an action. */
export function actionMatches(pattern: string, action: string): boolean {
  return glob(pattern.toLowerCase(), action.toLowerCase());
}

/** Whether a statement names an action, by `Action` or by what `NotAction` leaves. */
export function namesAction(statement: Statement, action: string): boolean {
  return statement.notActions
    ? !statement.notActions.some((pattern) => actionMatches(pattern, action))
    : statement.actions.some((pattern) => actionMatches(pattern, action));
}

function ofStatement(model: Model, statement: Statement, action: string, target: Value): Allowance {
  if (statement.effect !== 'Allow') return 'no';
  if (!namesAction(statement, action)) return statement.undecided.length > 0 ? 'unknown' : 'no';
  if (statement.notResources) return 'unknown';
  const answers = statement.resources.map((pattern) => covers(model, pattern, target));
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}

function ofManagedPolicy(policy: Value, action: string): Allowance {
  const actions = managedActions(policy);
  if (!actions) return 'unknown';
  return actions.some((pattern) => actionMatches(pattern, action)) ? 'yes' : 'no';
}

/** Whether a `Resource` of a policy covers a resource, as a trigger or another property names it. */
export function covers(model: Model, pattern: Value, target: Value): Allowance {
  if (pattern === '*') return 'yes';
  const wanted = spelled(target);
  const offered = spelled(pattern);
  if (glob(offered.text, wanted.text)) return 'yes';
  if (offered.uncertain || wanted.uncertain) return 'unknown';
  if (offered.start === undefined && wanted.start !== undefined && offered.text.includes(wanted.text)) return 'yes';
  if (offered.start === undefined) return coversByName(offered.text, model.target(target), wanted.text);
  if (offered.start === wanted.start) {
    // What lies below a resource (`${Bucket.Arn}/*`) is meant with it; a table's stream is not meant with the table.
    return offered.text.slice(offered.text.indexOf(CLOSE)).includes('/') ? 'yes' : 'no';
  }
  return coversQualifier(model, offered, target);
}

/** An alias or version is covered by its function's ARN with a suffix: `${Function.Arn}:*`. */
function coversQualifier(model: Model, offered: Spelled, target: Value): Allowance {
  const named = functionsNamed(model, target)[0];
  if (!named?.qualifier || named.function.id !== offered.start) return 'no';
  const suffix = offered.text.slice(offered.text.indexOf(CLOSE) + 1);
  const name = toText(at(named.qualifier, 'Name'));
  if (suffix === ':*' || (name !== undefined && suffix === `:${name}`)) return 'yes';
  return 'no';
}

/** A policy that spells a resource's name covers the resource that was given that name. */
function coversByName(pattern: string, resource: Resource | undefined, wanted: string): Allowance {
  if (!resource) return [...pattern, ...wanted].includes(PSEUDO) ? 'unknown' : 'no';
  const name = NAME_PROPERTIES.map((property) => toText(at(resource, property))).find((text) => text !== undefined);
  const last = pattern.split(/[:/]/).at(-1) ?? '';
  if (name !== undefined) return glob(last, name) ? 'yes' : 'no';
  const service = resource.type.split('::')[1]?.toLowerCase();
  if (pattern.split(':')[2] !== service) return 'no';
  return last === '*' ? 'yes' : last.includes('*') ? 'unknown' : 'no';
}

const NAME_PROPERTIES = [
  'FunctionName',
  'QueueName',
  'TopicName',
  'TableName',
  'BucketName',
  'StateMachineName',
  'StreamName',
  'Name',
];

const OPEN = '\u0001';
const CLOSE = '\u0002';
const PSEUDO = '\u0003';

/** A value as text in which references, pseudo parameters and unknown values can be compared. */
interface Spelled {
  readonly text: string;
  /** The resource whose reference it starts with. */
  readonly start?: string;
  /** A part of it is known only at deployment. */
  readonly uncertain: boolean;
}

function spelled(value: Value): Spelled {
  const parts = value instanceof Text ? value.parts : [value];
  let uncertain = false;
  const text = parts
    .map((part) => {
      if (part instanceof Reference) {
        return `${OPEN}${part.target}${part.attribute === 'StreamArn' ? '/stream' : ''}${CLOSE}`;
      }
      if (isUnknown(part) && part.name?.startsWith('AWS::')) return PSEUDO;
      const literal = toText(part);
      if (literal === undefined) uncertain = true;
      return literal ?? '';
    })
    .join('')
    .replace(`${CLOSE}/stream/*`, `/stream${CLOSE}`);
  const first = parts[0];
  return { text, uncertain, ...(first instanceof Reference ? { start: first.target } : {}) };
}

/** Whether text matches a pattern of `*` and `?`. */
function glob(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}
