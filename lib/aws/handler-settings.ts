import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { type Check, holds } from '../core/check/check';
import { isPlain } from '../core/check/kinds';
import { type ForeignNames, type Kind, shapeChecks, whereTyped } from '../core/check/shape';
import { isRecord } from '../core/record';
import { defaultTimeout } from '../core/facts/lambda';
import { HANDLER_TIMEOUT } from './function-defaults';
import { definedFunction, isFunction, settingsOf } from './service-function';
import { FUNCTION_NAMES, FUNCTION_SHAPE, functionChecks } from './service-function-checks';
import type { FunctionSource, HandlerSource } from './service-function-props';

/** A handler, checked as the function it becomes, in terms of what the user wrote. */
export const HANDLER: Kind = {
  rule: 'must be a path, a path with settings, or a function',
  remedy: (value) =>
    functionInstead(value) ??
    "write it as 'src/handler.ts', or { entry: 'src/handler.ts', timeout: Duration.seconds(30) }",
  is: (value) =>
    typeof value === 'string' ||
    isPlain(value) ||
    (isRecord(value) && 'node' in value && 'functionArn' in value && 'runtime' in value),
  now: true,
  inside: (source: HandlerSource, prop) => handlerChecks(source, prop),
  needed: { rule: 'must be given', remedy: "give the path of the module that exports 'handler'" },
};

/**
 * The remedy for an alias, a version or an imported function as a handler; undefined for other values. Settings that
 * derive from the handler, such as its retries and its failure destination, belong to a function that this app makes.
 */
export function functionInstead(value: unknown): string | undefined {
  if (!isRecord(value) || !('functionArn' in value)) return undefined;
  return 'lambda' in value
    ? "pass the function itself; one with 'warm' is invoked through its alias"
    : 'pass a function that this app makes, or the path of a handler that invokes this one';
}

/** The handler of an event source, which may also be an alias, a version or an imported function. */
export const MAPPED_HANDLER: Kind = {
  ...HANDLER,
  is: (value) => HANDLER.is(value) || (isRecord(value) && 'node' in value && 'functionArn' in value),
  inside: (source: FunctionSource, prop) =>
    isFunction(source) ? [roleCheck(source, prop)] : handlerChecks(source, prop),
};

/** Lambda polls the source with the function's role. */
function roleCheck(source: lambda.IFunction, prop: string): Check {
  return {
    prop,
    value: source.node.path,
    valid: () => source.role !== undefined,
    rule: 'must have a role, which gets permission to read the source',
    remedy: 'import it with Function.fromFunctionAttributes and its role, and sameEnvironment: true',
  };
}

/** Checks of a handler's settings; an existing function was checked where it was created. */
export function handlerChecks(source: HandlerSource, prop: string): readonly Check[] {
  if (isFunction(source)) return [];
  const settings = settingsOf(source);
  const typed = shapeChecks(settings, FUNCTION_SHAPE, '', FUNCTION_NAMES);
  const rows = [...typed, ...whereTyped(typed, () => functionChecks(settings))];
  return rows
    .filter((row) => !holds(row))
    .map((row) => ({
      ...row,
      prop: typeof source === 'string' && row.prop === 'entry' ? prop : `${prop}.${row.prop}`,
    }));
}

/** A handler's timeout in seconds; undefined if unknown here: only known at deployment, or for an imported function. */
export function timeoutOf(source: FunctionSource): number | undefined {
  const settings = isFunction(source) ? definedFunction(source) : settingsOf(source);
  if (settings === undefined || settings.timeout?.isUnresolved()) return undefined;
  return settings.timeout?.toSeconds() ?? (isFunction(source) ? defaultTimeout.value : HANDLER_TIMEOUT);
}

/** A handler's reserved concurrency; undefined if none. */
export function reservationOf(source: FunctionSource): number | undefined {
  if (!isFunction(source)) return settingsOf(source).reservedConcurrency;
  const definition = definedFunction(source)?.node.defaultChild as lambda.CfnFunction | undefined;
  return definition?.reservedConcurrentExecutions;
}

/**
 * Handler settings written next to the handler, and names that other libraries use for a pattern's props.
 * @param others the same object for each of a pattern, for which the answer is kept
 */
export function namesBeside(others: ForeignNames = NO_OTHERS): ForeignNames {
  const known = BESIDE.get(others);
  if (known !== undefined) return known;
  const settings = Object.keys(FUNCTION_SHAPE).map((name) => [
    name,
    name === 'entry' ? "write 'handler'" : `set it on the handler: { entry: 'src/handler.ts', ${name}: ... }`,
  ]);
  const names = { ...Object.fromEntries(settings), ...others } as ForeignNames;
  BESIDE.set(others, names);
  return names;
}

const NO_OTHERS: ForeignNames = {};
const BESIDE = new WeakMap<ForeignNames, ForeignNames>();
