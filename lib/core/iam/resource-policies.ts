import { listOf } from './policy';
import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import type { Names } from '../model/names';
import { type Assumptions, at, eachBranch, items } from '../model/select';
import type { Value } from '../model/values';
import { arnIndex } from './arn-index';
import { statementOf, statementsOf, type TemplateStatement } from './documents';
import { type PolicyPlace, RESOURCE_POLICIES } from './policy-places';
import { sharesOf } from './shares';

/** A policy that says who may use a resource. */
export interface ResourcePolicy {
  /** For display: where it is. */
  readonly name: string;
  /** The ARNs of its resources; empty for an account's policy, whose statements name theirs. */
  readonly targets: readonly string[];
  /** Those of its resources that are in the model. */
  readonly about: readonly Resource[];
  /** Its role, if it is not about the use of a resource. */
  readonly role?: PolicyPlace['role'];
  /** Its statements in every branch. */
  readonly statements: readonly TemplateStatement[];
}

/** Every resource policy of a model, function permissions and event bus policies included. */
export function resourcePoliciesOf(model: Model, names: Names): readonly ResourcePolicy[] {
  const documents = Object.entries(RESOURCE_POLICIES).flatMap(([type, places]) =>
    model.ofType(type).flatMap((resource) => places.flatMap((place) => read(resource, place, model, names))),
  );
  const permissions = model.ofType('AWS::Lambda::Permission').map((one) => permission(one, model, names));
  const others = Object.entries(BY_PROPERTIES).flatMap(([type, place]) =>
    model.ofType(type).map((one) => byProperties(one, place, model, names)),
  );
  const buses = model.ofType('AWS::Events::EventBusPolicy').map((one) => busPolicy(one, model, names));
  return [...documents, ...permissions, ...others, ...buses, ...sharesOf(model, names)];
}

function read(resource: Resource, place: PolicyPlace, model: Model, names: Names): ResourcePolicy[] {
  const { document, role, target, ofAccount } = place;
  const documents = documentsAt(resource, document);
  if (documents.length === 0) return [];
  const targets = ofAccount ? [] : targetsOf(resource, place, model, names);
  const about = ofAccount ? [] : target === undefined ? [resource] : namedBy(resource, target, model, names);
  return documents.flatMap(({ value, property }) => {
    const read = statementsOf(value, { holder: resource, property, kind: 'resource', names });
    const statements = resource.type === 'AWS::ApiGateway::RestApi' ? read.map((one) => inFull(one, targets)) : read;
    if (statements.length === 0) return [];
    const name = displayName(resource);
    return [{ name, targets, about, ...(role && { role }), statements: guarded(resource, about[0], statements) }];
  });
}

/** An API's policy may abbreviate its routes, starting at the stage: `execute-api:/prod/*`. */
function inFull(item: TemplateStatement, [api]: readonly string[]): TemplateStatement {
  const { statement } = item;
  const full = (text: string) => text.replace(/^execute-api:\/?/, `${api}/`);
  if (!statement?.Resource) return item;
  return { ...item, statement: { ...statement, Resource: listOf(statement.Resource).map(full) } };
}

/** The documents at a path, in which `*` is any item of a list. */
export function documentsAt(resource: Resource, path: string): { readonly value: Value; readonly property: string }[] {
  const [first, ...rest] = path.split('.*.');
  let found = [{ value: at(resource, first!), property: first! }];
  for (const part of rest) {
    found = found.flatMap(({ value, property }) =>
      items(value).map((item, index) => ({ value: at(item, part), property: `${property}.${index}.${part}` })),
    );
  }
  return found.filter((one): one is { value: Value; property: string } => one.value !== undefined);
}

function targetsOf(resource: Resource, { target, attribute }: PolicyPlace, model: Model, names: Names): string[] {
  if (target === undefined) return [names.attribute(resource, attribute ?? 'Arn') ?? unnamed(resource)];
  return items(at(resource, target)).map((value) => {
    const [named] = arnIndex(model, names).named(value, resource.template);
    return (named && (names.arn(named) ?? unnamed(named))) ?? names.text(value, resource.template) ?? '*';
  });
}

function namedBy(
  resource: Resource,
  property: string,
  model: Model,
  names: Names,
  ...types: readonly string[]
): readonly Resource[] {
  return arnIndex(model, names).named(at(resource, property), resource.template, ...types);
}

/** A placeholder ARN for a resource of a type without a known one. */
function unnamed(resource: Resource): string {
  return displayName(resource);
}

const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'];

/** The properties of a permission that are conditions. */
const PERMISSION_CONDITIONS = [
  ['ArnLike', 'aws:SourceArn', 'SourceArn'],
  ['StringEquals', 'aws:SourceAccount', 'SourceAccount'],
  ['StringEquals', 'aws:PrincipalOrgID', 'PrincipalOrgID'],
  ['StringEquals', 'lambda:EventSourceToken', 'EventSourceToken'],
  ['StringEquals', 'lambda:FunctionUrlAuthType', 'FunctionUrlAuthType'],
  ['Bool', 'lambda:InvokedViaFunctionUrl', 'InvokedViaFunctionUrl'],
] as const;

function permission(resource: Resource, model: Model, names: Names): ResourcePolicy {
  const targets = functionArns(resource, model, names);
  const conditions: Record<string, Record<string, Value>> = {};
  for (const [operator, key, property] of PERMISSION_CONDITIONS) {
    const value = at(resource, property);
    if (value !== undefined) conditions[operator] = { ...conditions[operator], [key]: value };
  }
  const statements = eachBranch(at(resource, 'Principal')).flatMap(({ value, when }) => {
    const statement: Value = {
      Effect: 'Allow',
      Principal: principalElement(names.text(value, resource.template) ?? '<unknown>'),
      Action: at(resource, 'Action') ?? 'lambda:<unknown>',
      Resource: targets,
      ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
    };
    return statementOf(statement, { holder: resource, property: '', kind: 'resource', names }, when);
  });
  const about = namedBy(resource, 'FunctionName', model, names, ...FUNCTIONS);
  return { name: displayName(resource), targets, about, statements: guarded(resource, about[0], statements) };
}

interface PropertyPlace {
  readonly target: string;
  readonly action: string;
  /** The service, if actions are written without it. */
  readonly service?: string;
  /** Condition keys by property. */
  readonly conditions: Readonly<Record<string, string>>;
}

/** Types whose properties are one statement. */
const BY_PROPERTIES: Readonly<Record<string, PropertyPlace>> = {
  'AWS::ACMPCA::Permission': {
    target: 'CertificateAuthorityArn',
    action: 'Actions',
    service: 'acm-pca',
    conditions: { SourceAccount: 'aws:SourceAccount' },
  },
  'AWS::Lambda::LayerVersionPermission': {
    target: 'LayerVersionArn',
    action: 'Action',
    conditions: { OrganizationId: 'aws:PrincipalOrgID' },
  },
  'AWS::QBusiness::Permission': { target: 'ApplicationId', action: 'Actions', conditions: {} },
  'AWS::Signer::ProfilePermission': { target: 'ProfileName', action: 'Action', conditions: {} },
};

/** Types whose properties are one statement that is read. */
export const STATEMENT_TYPES: readonly string[] = [
  ...Object.keys(BY_PROPERTIES),
  'AWS::Events::EventBusPolicy',
  'AWS::Lambda::Permission',
];

function byProperties(resource: Resource, place: PropertyPlace, model: Model, names: Names): ResourcePolicy {
  const targets = targetsOf(resource, { document: '', target: place.target }, model, names);
  const keys = Object.entries(place.conditions).flatMap(([property, key]) => {
    const value = at(resource, property);
    return value === undefined ? [] : [[key, value] as const];
  });
  const statements = eachBranch(at(resource, 'Principal')).flatMap(({ value, when }) => {
    const statement: Value = {
      Effect: 'Allow',
      Principal: principalElement(names.text(value, resource.template) ?? '<unknown>'),
      Action: actionsAt(resource, place) ?? '<unknown>',
      Resource: targets,
      ...(keys.length > 0 && { Condition: { StringEquals: Object.fromEntries(keys) } }),
    };
    return statementOf(statement, { holder: resource, property: '', kind: 'resource', names }, when);
  });
  const about = namedBy(resource, place.target, model, names);
  return { name: displayName(resource), targets, about, statements: guarded(resource, about[0], statements) };
}

function actionsAt(resource: Resource, { action, service }: PropertyPlace): Value | undefined {
  const value = at(resource, action);
  if (service === undefined || value === undefined) return value;
  return items(value).map((name) => (typeof name === 'string' ? `${service}:${name}` : name));
}

/** A principal given as text: everyone, a service, an account or a role. */
function principalElement(text: string): Value {
  if (text === '*') return '*';
  return { [/\.amazon(aws)?\./.test(text) ? 'Service' : 'AWS']: text };
}

/** `FunctionName` may be a name, a name with a version, or an ARN. */
function functionArns(resource: Resource, model: Model, names: Names): readonly string[] {
  const place = (name: string) => names.parameter(`AWS::${name}`, resource.template);
  const prefix = `arn:${place('Partition')}:lambda:${place('Region')}:${place('AccountId')}:function:`;
  const arns = items(at(resource, 'FunctionName')).map((value) => {
    const target = model.target(value);
    const text = (target && names.arn(target)) ?? names.text(value, resource.template) ?? '<unknown>';
    return text.startsWith('arn:') ? text : prefix + text.replace(/^.*function:/, '');
  });
  return arns.length > 0 ? arns : [`${prefix}<unknown>`];
}

function busPolicy(resource: Resource, model: Model, names: Names): ResourcePolicy {
  const place = (name: string) => names.parameter(`AWS::${name}`, resource.template);
  const bus = names.text(at(resource, 'EventBusName'), resource.template) ?? 'default';
  const arn = `arn:${place('Partition')}:events:${place('Region')}:${place('AccountId')}:event-bus/${bus}`;
  const whole = at(resource, 'Statement');
  const property = whole === undefined ? '' : 'Statement';
  const about = namedBy(resource, 'EventBusName', model, names, 'AWS::Events::EventBus');
  const statements = statementOf(
    whole ?? putEvents(resource),
    { holder: resource, property, kind: 'resource', names },
    {},
  );
  return { name: displayName(resource), targets: [arn], about, statements: guarded(resource, about[0], statements) };
}

/** The older form, with separate properties for action, account and condition. */
function putEvents(resource: Resource): Value {
  const { Action, Principal, Condition } = resource.properties;
  const condition = Condition && {
    [String(at(Condition, 'Type'))]: { [String(at(Condition, 'Key'))]: at(Condition, 'Value') ?? '' },
  };
  return {
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: Principal ?? '*' },
    Action: Action ?? 'events:PutEvents',
    ...(condition && { Condition: condition }),
  };
}

/** A policy that only exists under a condition applies only then, unless its target has the same condition. */
function guarded(
  resource: Resource,
  target: Resource | undefined,
  statements: readonly TemplateStatement[],
): readonly TemplateStatement[] {
  const { condition } = resource.attributes;
  if (condition === undefined || condition === target?.attributes.condition) return statements;
  const when: Assumptions = { [condition]: true };
  return statements.map((statement) => ({ ...statement, when: { ...statement.when, ...when } }));
}
