import { type Model, type Resource } from '../../core/model/model';
import { at, isMap, items, toText } from '../../core/model/select';
import { type Value, type ValueMap } from '../../core/model/values';
import { grouped, indexed } from './indexed';
import { named } from './references';

/** One statement of a policy document, with where it stands. */
export interface Statement {
  /** The resource that holds the document. */
  readonly holder: Resource;
  /** Where it stands in the holder, dotted: `PolicyDocument.Statement.0`. */
  readonly property: string;
  /** `Allow` or `Deny`. */
  readonly effect: 'Allow' | 'Deny';
  /** `Action`, as a list of literals; values that are not literal are in `undecided`. */
  readonly actions: readonly string[];
  /** `NotAction`; absent where the statement has none. */
  readonly notActions?: readonly string[];
  /** `Resource`, as a list. */
  readonly resources: readonly Value[];
  /** `NotResource`; absent where the statement has none. */
  readonly notResources?: readonly Value[];
  /** `Principal` as it stands. */
  readonly principal?: Value;
  /** `NotPrincipal` as it stands. */
  readonly notPrincipal?: Value;
  /** `Condition` as it stands. */
  readonly condition?: Value;
  /** Actions or effects that are known only at deployment. */
  readonly undecided: readonly Value[];
}

/** The statements of the policy document that stands at a property of a resource, in every branch. */
export function statementsAt(holder: Resource, property: string): readonly Statement[] {
  let known = readStatements.get(holder);
  if (!known) readStatements.set(holder, (known = new Map()));
  let statements = known.get(property);
  if (!statements) known.set(property, (statements = statementsIn(holder, property, at(holder, property))));
  return statements;
}

/** Many rules look at the same documents. */
const readStatements = new WeakMap<Resource, Map<string, readonly Statement[]>>();

/** The statements of a policy document, in every branch. */
function statementsIn(holder: Resource, property: string, documents: Value | undefined): Statement[] {
  const statements: Statement[] = [];
  for (const document of items(documents)) {
    let index = 0;
    for (const statement of items(at(document, 'Statement'))) {
      const path = `${property}.Statement.${index}`;
      statements.push(isMap(statement) ? readable(holder, path, statement) : unreadable(holder, path, statement));
      index += 1;
    }
  }
  return statements;
}

function readable(holder: Resource, property: string, statement: ValueMap): Statement {
  const actions = items(own(statement, 'Action'));
  const notActions = own(statement, 'NotAction');
  const notResources = own(statement, 'NotResource');
  return {
    holder,
    property,
    effect: own(statement, 'Effect') === 'Deny' ? 'Deny' : 'Allow',
    actions: literals(actions),
    ...(notActions === undefined ? {} : { notActions: literals(items(notActions)) }),
    resources: items(own(statement, 'Resource')),
    ...(notResources === undefined ? {} : { notResources: items(notResources) }),
    principal: own(statement, 'Principal'),
    notPrincipal: own(statement, 'NotPrincipal'),
    condition: own(statement, 'Condition'),
    undecided: notLiteral(notActions === undefined ? actions : [...actions, ...items(notActions)]),
  };
}

function own(map: ValueMap, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function notLiteral(values: readonly Value[]): readonly Value[] {
  return values.filter((value) => toText(value) === undefined);
}

function unreadable(holder: Resource, property: string, statement: Value): Statement {
  return { holder, property, effect: 'Allow', actions: [], resources: [], undecided: [statement] };
}

function literals(values: readonly Value[]): string[] {
  return values.map(toText).filter((text) => text !== undefined);
}

const attached = indexed((model) =>
  grouped(model.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'), (policy) => [
    ...items(at(policy, 'Roles')).flatMap((role) => named(model, role).map(({ id }) => id)),
    ...named(model, at(policy, 'RoleName')).map(({ id }) => id),
  ]),
);

/** The customer policies that are attached to a role, from either side. */
export function policiesOf(model: Model, role: Resource): readonly Resource[] {
  const managed = items(at(role, 'ManagedPolicyArns'))
    .flatMap((policy) => named(model, policy))
    .filter(({ type }) => type === 'AWS::IAM::ManagedPolicy');
  return [...new Set([...(attached(model).get(role.id) ?? []), ...managed])];
}

const rolesStatements = indexed(() => new Map<string, readonly Statement[]>());

/** What a role's inline and attached customer policies say. AWS-managed policies are in `managedPoliciesOf`. */
export function statementsOf(model: Model, role: Resource): readonly Statement[] {
  const known = rolesStatements(model);
  const existing = known.get(role.id);
  if (existing) return existing;
  const inline = items(at(role, 'Policies')).flatMap((policy, index) =>
    statementsIn(role, `Policies.${index}.PolicyDocument`, at(policy, 'PolicyDocument')),
  );
  const statements = [
    ...inline,
    ...policiesOf(model, role).flatMap((policy) => statementsAt(policy, 'PolicyDocument')),
  ];
  known.set(role.id, statements);
  return statements;
}

/** The managed policies of a role that are not resources of the model, as they are written: usually AWS's own. */
export function managedPoliciesOf(model: Model, role: Resource): Value[] {
  return items(at(role, 'ManagedPolicyArns')).filter((policy) => named(model, policy).length === 0);
}

/** The roles that a function, state machine, pipe or other resource runs as (`Role`, `RoleArn`); empty where unknown. */
export function rolesOf(model: Model, resource: Resource, property: string): Resource[] {
  return named(model, at(resource, property)).filter(({ type }) => type === 'AWS::IAM::Role');
}
