import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Check } from '../core/check/check';
import { isPlain } from '../core/check/kinds';
import { type ForeignNames, type Kind, shapeChecks, whereTyped } from '../core/check/shape';
import { isRecord } from '../core/record';
import { defaultTimeout } from '../core/facts/lambda';
import { HANDLER_TIMEOUT } from './function-defaults';
import { definedFunction, isFunction, settingsOf } from './service-function';
import { FUNCTION_NAMES, FUNCTION_SHAPE, functionChecks } from './service-function-checks';
import type { FunctionSource, HandlerSource } from './service-function-props';

/** A handler, judged as the function that becomes of it, in the words in which the user wrote it. */
export const HANDLER: Kind = {
  rule: 'must be a path, a path with settings, or a function',
  // Of an alias, a version or an imported function nobody knows the timeout, from which others follow.
  remedy: (value) =>
    isRecord(value) && 'functionArn' in value
      ? "pass the function itself; one with 'warm' is called through its alias"
      : "write it as 'src/handler.ts', or { entry: 'src/handler.ts', timeout: Duration.seconds(30) }",
  is: (value) =>
    typeof value === 'string' ||
    isPlain(value) ||
    (isRecord(value) && 'node' in value && 'functionArn' in value && 'runtime' in value),
  now: true,
  inside: (source: HandlerSource, prop) => handlerChecks(source, prop),
  needed: { rule: 'must be given', remedy: "give the path of the module that exports 'handler'" },
};

/** The handler of a source of events, which may be an alias, a version or an imported function too. */
export const MAPPED_HANDLER: Kind = {
  ...HANDLER,
  is: (value) => HANDLER.is(value) || (isRecord(value) && 'node' in value && 'functionArn' in value),
  inside: (source: FunctionSource, prop) =>
    isFunction(source) ? [roleCheck(source, prop)] : handlerChecks(source, prop),
};

/** Lambda reads the source in the function's name. */
function roleCheck(source: lambda.IFunction, prop: string): Check {
  return {
    prop,
    value: source.node.path,
    valid: () => source.role !== undefined,
    rule: 'must have a role, which is given what reading the source needs',
    remedy: 'import it with Function.fromFunctionAttributes and its role, and sameEnvironment: true',
  };
}

/** What must hold for the settings of a handler; a function that the team has was judged where it was made. */
export function handlerChecks(source: HandlerSource, prop: string): readonly Check[] {
  if (isFunction(source)) return [];
  const settings = settingsOf(source);
  const typed = shapeChecks(settings, FUNCTION_SHAPE, '', FUNCTION_NAMES);
  const rows = [...typed, ...whereTyped(typed, () => functionChecks(settings))];
  return rows.map((row) => ({
    ...row,
    prop: typeof source === 'string' && row.prop === 'entry' ? prop : `${prop}.${row.prop}`,
  }));
}

/** Seconds that a handler may run; undefined where this app cannot know it: at deployment only, or of an imported function. */
export function timeoutOf(source: FunctionSource): number | undefined {
  const settings = isFunction(source) ? definedFunction(source) : settingsOf(source);
  if (settings === undefined || settings.timeout?.isUnresolved()) return undefined;
  return settings.timeout?.toSeconds() ?? (isFunction(source) ? defaultTimeout.value : HANDLER_TIMEOUT);
}

/** The concurrency that a handler reserves; undefined where it reserves none. */
export function reservationOf(source: FunctionSource): number | undefined {
  if (!isFunction(source)) return settingsOf(source).reservedConcurrency;
  const definition = definedFunction(source)?.node.defaultChild as lambda.CfnFunction | undefined;
  return definition?.reservedConcurrentExecutions;
}

/** What belongs to the handler, written beside it; and names that other libraries have for the props of a pattern. */
export function namesBeside(others: ForeignNames = {}): ForeignNames {
  const ofHandler = Object.keys(FUNCTION_SHAPE).map((name) => [
    name,
    name === 'entry' ? "write 'handler'" : `set it on the handler: { entry: 'src/handler.ts', ${name}: ... }`,
  ]);
  return { ...(Object.fromEntries(ofHandler) as ForeignNames), ...others };
}
