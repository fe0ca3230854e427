import { Stack } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { type Check, check } from '../core/check/check';
import { isRecord } from '../core/record';
import { isUnresolved } from '../core/unresolved';

/**
 * Checks where a construct is to be made and its id, before CDK reads them: a program run without a type check may pass
 * the props in place of the id, or leave the scope out.
 * @param type the class of the construct: `new.target`
 * @returns the path of the construct
 * @throws PatternError when the scope is in no stack, or the id is not a string or taken
 */
export function checkPlace(type: { readonly name: string }, scope: unknown, id: unknown): string {
  const parent = Construct.isConstruct(scope) ? scope : undefined;
  const path = [parent?.node.path, id].filter(Boolean).join('/');
  if (parent !== undefined && isInStack(parent) && isId(id) && isFree(parent, id)) return path;
  const example = [id, scope].find(isId) ?? type.name;
  const remedy = `write new ${type.name}(this, '${example}', { ... })`;
  check(pathOrClass(type.name, parent, id), [
    constructCheck(scope, remedy),
    {
      prop: 'scope',
      value: scope,
      valid: () => parent === undefined || isInStack(parent),
      rule: 'must be a stack, or a construct in one',
      remedy: "create a stack for it: new Stack(app, 'Shop')",
    },
    ...idChecks(parent, id, remedy),
  ]);
  return path;
}

/**
 * Checks a scope that something is declared for.
 * @param method the method called: `Defaults.of`
 * @throws PatternError when it is not a construct
 */
export function checkScope(method: string, scope: unknown): asserts scope is IConstruct {
  check(method, [constructCheck(scope, 'pass the app, a stage, a stack or another construct')]);
}

/**
 * Checks the id of a construct that a method creates.
 * @param method the method called: `hub.subscribe`
 * @throws PatternError when it is not a string, or another construct has it
 */
export function checkId(parent: IConstruct, method: string, id: unknown): void {
  check(parent, idChecks(parent, id, `write ${method}('Billing', { ... })`));
}

/** The path of a construct, or what is known of it. */
function pathOrClass(name: string, parent: IConstruct | undefined, id: unknown): string {
  if (parent === undefined || !isInStack(parent)) return name;
  return isId(id) ? `${parent.node.path}/${id}` : `${name} in ${parent.node.path}`;
}

/**
 * Checks that a construct is created by the method for it, which passes what it is a part of.
 * @param method to call: `store.project`
 * @throws PatternError when the part is created without it
 */
export function checkStore(type: { readonly name: string }, store: unknown, method: string): void {
  const remedy = `call ${method}(...) instead of new ${type.name}(...)`;
  check(type.name, [{ prop: 'store', value: store, valid: () => isRecord(store), rule: 'must be given', remedy }]);
}

function constructCheck(scope: unknown, remedy: string): Check {
  return {
    prop: 'scope',
    value: scope,
    ofType: true,
    valid: () => Construct.isConstruct(scope),
    rule: 'must be a construct',
    remedy,
  };
}

function idChecks(parent: IConstruct | undefined, id: unknown, remedy: string): Check[] {
  return [
    {
      prop: 'id',
      value: id,
      ofType: true,
      valid: () => isId(id),
      rule: isUnresolved(id) ? 'must be known when the program runs' : 'must be a string, the id of the new construct',
      remedy,
    },
    {
      prop: 'id',
      value: id,
      valid: () => parent === undefined || isFree(parent, String(id)),
      rule: 'must be unique in its scope',
      remedy: 'choose another id',
    },
  ];
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && !isUnresolved(id);
}

function isFree(parent: IConstruct, id: string): boolean {
  return parent.node.tryFindChild(id) === undefined;
}

function isInStack(scope: IConstruct): boolean {
  return Stack.isStack(scope) || (scope.node.scope !== undefined && isInStack(scope.node.scope));
}
