import { type Model, type Resource } from '../../core/model/model';
import { at, eachBranch, entries, isMap, isUnknown, items, toText } from '../../core/model/select';
import { Choice, type Value } from '../../core/model/values';
import { grouped, indexed } from './indexed';
import { type Statement, statementsAt } from './policies';
import { named } from './references';

/** A type that holds the policy of a resource: where the document stands, and which resource it is about. */
interface PolicyType {
  readonly type: string;
  readonly document: string;
  /** The property that names the resource; absent where the document stands on the resource itself. */
  readonly about?: string;
}

const POLICY_TYPES: readonly PolicyType[] = [
  { type: 'AWS::SQS::QueuePolicy', document: 'PolicyDocument', about: 'Queues' },
  { type: 'AWS::SQS::QueueInlinePolicy', document: 'PolicyDocument', about: 'Queue' },
  { type: 'AWS::SNS::TopicPolicy', document: 'PolicyDocument', about: 'Topics' },
  { type: 'AWS::SNS::TopicInlinePolicy', document: 'PolicyDocument', about: 'TopicArn' },
  { type: 'AWS::S3::BucketPolicy', document: 'PolicyDocument', about: 'Bucket' },
  { type: 'AWS::KMS::Key', document: 'KeyPolicy' },
  { type: 'AWS::SecretsManager::ResourcePolicy', document: 'ResourcePolicy', about: 'SecretId' },
  { type: 'AWS::DynamoDB::Table', document: 'ResourcePolicy.PolicyDocument' },
  { type: 'AWS::Kinesis::ResourcePolicy', document: 'ResourcePolicy', about: 'ResourceArn' },
  { type: 'AWS::ApiGateway::RestApi', document: 'Policy' },
];

/** One statement of a resource's own policy. */
export interface ResourceStatement extends Statement {
  /** The resources that the policy is about, where they are in the model. */
  readonly about: readonly Resource[];
}

/** Every statement of every resource policy of a model; those of event buses too, in either spelling. */
export const resourceStatements = indexed((model: Model): readonly ResourceStatement[] => [
  ...POLICY_TYPES.flatMap(({ type, document, about }) =>
    model.ofType(type).flatMap((holder) => {
      const subjects =
        about === undefined ? [holder] : items(at(holder, about)).flatMap((value) => named(model, value));
      return statementsAt(holder, document).map((statement) => ({ ...statement, about: subjects }));
    }),
  ),
  ...model.ofType('AWS::Events::EventBusPolicy').flatMap((holder) => busStatements(model, holder)),
]);

/** `Statement` holds one statement, not a document; older templates name `Principal` and `Action` directly. */
function busStatements(model: Model, holder: Resource): ResourceStatement[] {
  const statement = at(holder, 'Statement') ?? holder.properties;
  const about = named(model, at(holder, 'EventBusName'));
  const document = {
    ...holder,
    properties: { Document: { Statement: [{ Effect: 'Allow', ...(isMap(statement) ? statement : {}) }] } },
  };
  return statementsAt(document, 'Document').map((found) => ({ ...found, holder, property: 'Statement', about }));
}

const bySubject = indexed((model) =>
  grouped(resourceStatements(model), ({ about }) => [...new Set(about.map(({ id }) => id))]),
);

/** The statements of a resource's own policies. */
export const statementsAbout = (model: Model, resource: Resource): readonly ResourceStatement[] =>
  bySubject(model).get(resource.id) ?? [];

/** The service principals of a statement: `sns.amazonaws.com`. */
export function servicesOf(statement: Statement): string[] {
  return items(at(statement.principal, 'Service'))
    .map(toText)
    .filter((text) => text !== undefined);
}

/** Whether a statement speaks of everybody: `Principal: '*'`, `{ AWS: '*' }` or an allowing `NotPrincipal`. */
export function isForEverybody(statement: Statement): boolean {
  if (statement.notPrincipal !== undefined) return statement.effect === 'Allow';
  const principal = statement.principal;
  return items(principal).includes('*') || items(at(principal, 'AWS')).includes('*');
}

/** The condition keys of a statement, in lower case, with their operators and values. */
export function conditionsOf(statement: Statement): { operator: string; key: string; values: Value[] }[] {
  return entries(statement.condition).flatMap(([operator, block]) =>
    entries(block).map(([key, value]) => ({ operator, key: key.toLowerCase(), values: items(value) })),
  );
}

/** Why the condition of a statement cannot be read; undefined where it can, or where there is none. */
export function openCondition(statement: Statement): string | undefined {
  const blocks = eachBranch(statement.condition).flatMap(({ value }) =>
    isMap(value) ? Object.values(value) : value === undefined ? [] : [value],
  );
  const open = blocks.find((block) => !isMap(block) && !(block instanceof Choice));
  return open === undefined ? undefined : isUnknown(open) ? open.reason : 'its condition is known only at deployment';
}

/** Whether a statement asks who the caller acts for: confused deputies are then kept out. */
export function asksForSource(statement: Statement): boolean {
  return conditionsOf(statement).some(({ key, values }) => SOURCE_KEYS.includes(key) && !values.includes('*'));
}

const SOURCE_KEYS = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceowner', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/** Condition keys that narrow everybody to somebody. */
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

/** Whether a statement's condition narrows everybody to somebody. */
export function asksWho(statement: Statement): boolean {
  return conditionsOf(statement).some(
    ({ operator, key, values }) =>
      WHO_KEYS.some((known) => key === known || key.startsWith(`${known}/`)) &&
      !/^(?:ForAllValues:)?(?:\w*Not\w+|Null)|IfExists$/.test(operator) &&
      !values.includes('*'),
  );
}
