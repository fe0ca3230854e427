import { CfnRole, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Check } from '../core/check/check';
import {
  anything,
  duration,
  filled,
  flag,
  having,
  hidden,
  known,
  list,
  number,
  object,
  oneOf,
  record,
  size,
  text,
  whole,
} from '../core/check/kinds';
import type { ForeignNames, Kind, Shape } from '../core/check/shape';
import { within } from '../core/facts/fact';
import {
  asynchronousEventAge,
  asynchronousRetries,
  functionMemory,
  functionNameLength,
  functionTimeout,
  handlerLength,
} from '../core/facts/lambda';
import { isUnresolved } from '../core/unresolved';
import { Access } from './access/access';
import { preludeOf } from './access/apply';
import { otherAccount, otherRegion, type Place } from './access/place';
import { variableChecks } from './access/variables';
import type { AccessMap } from './access/capability';
import { codeChecks } from './code-checks';
import { nearFailures } from './failure-destination';
import { isStandIn } from './looked-up';
import { platformChecks } from './platform-checks';
import { PLATFORM_SHAPE } from './platform-props';
import { retiredRuntimeCheck } from './retired-runtime';
import { QUEUE, RETENTION, SECRET } from './resource-kinds';
import type { ServiceFunctionProps } from './service-function-props';

/** A variable's value: non-strings are reported by a check of their own, except values known only at deployment. */
const VARIABLE: Kind = {
  ...text('prod'),
  remedy: () => 'write it as Token.asString(...)',
  is: (value) => !isUnresolved(value) || typeof value === 'string',
};

/** Shape of a function's props. */
export const FUNCTION_SHAPE: Shape<ServiceFunctionProps> = {
  entry: known(text('src/place-order.ts')),
  bundling: object(
    {
      external: list(filled('sharp'), "['sharp']"),
      format: oneOf('cjs', 'esm'),
      alias: record(filled('./src/stub.ts'), "{ 'some-module': './src/stub.ts' }"),
      loader: record(
        oneOf('text', 'json', 'binary', 'base64', 'dataurl', 'file', 'copy', 'empty'),
        "{ '.sql': 'text' }",
      ),
      define: record(filled('"2026-11"'), `{ BUILD: '"2026-11"' }`),
      sdk: flag,
      nodeModules: list(text('sharp'), "['sharp']"),
      plugins: known(text('./esbuild-plugins.mjs')),
      pluginsKey: text('1'),
    },
    "{ format: 'esm' }",
  ),
  code: having('Lambda code', 'bind', "give 'entry' instead, or Code.fromAsset('build')"),
  handler: text('index.handler'),
  runtime: having('a runtime', 'runtimeEquals', 'write Runtime.NODEJS_24_X'),
  access: record(
    known({ ...anything, rule: 'must be a capability', remedy: () => "such as 'orders.read()'" }),
    '{ ORDERS: orders.read() }',
  ),
  secrets: hidden(record(SECRET, '{ API_KEY: apiKey }')),
  reservedConcurrency: number,
  warm: number,
  onFailure: { ...QUEUE, is: (value) => value === 'none' || QUEUE.is(value), rule: "must be a queue, or 'none'" },
  logRetention: RETENTION,
  logGroup: having('a log group', 'addMetricFilter', "pass the log group: new LogGroup(this, 'Logs')"),
  role: having('a role', 'roleArn', "pass the role: Role.fromRoleName(this, 'Mandated', 'name')"),
  description: text('Places orders'),
  timeout: duration(),
  environment: record(VARIABLE, "{ STAGE: 'prod' }"),
  functionName: text('place-order'),
  memorySize: number,
  ephemeralStorageSize: size,
  ...PLATFORM_SHAPE,
  maxEventAge: duration(asynchronousEventAge.value),
  retryAttempts: whole(asynchronousRetries.value),
};

/** The L2's names, and their equivalents here. */
export const FUNCTION_NAMES: ForeignNames = {
  reservedConcurrentExecutions: "write 'reservedConcurrency'",
  provisionedConcurrentExecutions: "write 'warm'",
  deadLetterQueue: "name the queue in 'onFailure'",
  deadLetterQueueEnabled: "leave 'onFailure' out for a new dead-letter queue",
  deadLetterTopic: "name a queue in 'onFailure'",
  initialPolicy: "use 'access', or call 'addToRolePolicy' on the function",
  logFormat: "write 'loggingFormat'",
  logRemovalPolicy: "give a 'logGroup' with that policy",
  logRetentionRole: "leave it out: 'logRetention' needs no custom resource here",
  logRetentionRetryOptions: "leave it out: 'logRetention' needs no custom resource here",
  depsLockFilePath: "leave it out: bundling runs in this process, from 'entry'",
  memory: "write 'memorySize'",
  env: "write 'environment'",
};

/**
 * Checks of a function's props.
 * @param place of the function
 */
export function functionChecks(props: ServiceFunctionProps, place?: Place): Check[] {
  const { access = {}, environment = {}, secrets } = props;
  return [
    ...codeChecks(props),
    retiredRuntimeCheck(props.runtime),
    ...platformChecks(props),
    ...limitChecks(props),
    ...variableChecks({ environment, access, secrets: accessTo(secrets) }, place),
    ...preludeChecks(props),
    ...(place && props.role ? roleChecks(place, props.role, props.onFailure) : []),
    ...(place && props.onFailure && props.onFailure !== 'none'
      ? nearFailures(place, 'onFailure', props.onFailure)
      : []),
  ];
}

/** A function's role is in its account; the policies of one of this app name what the function uses. */
function roleChecks(here: Place, role: IRole, onFailure: ServiceFunctionProps['onFailure']): Check[] {
  const there = role.env;
  const isOwn = CfnRole.isCfnRole(role.node.defaultChild);
  return [
    {
      prop: 'role',
      value: role,
      valid: () => !otherAccount(here, there) || isStandIn(role),
      rule: `must be a role of the function's account (${here.account}): it is of ${there.account}`,
      remedy: 'pass a role that is there; it may assume one of another account',
    },
    {
      prop: 'role',
      value: role,
      valid: () => otherAccount(here, there) || !isOwn || onFailure === 'none' || !otherRegion(here, there),
      rule: `must be of a stack in ${here.region}: its policy, in ${there.region}, cannot name what the function uses here`,
      remedy: "create it in a stack there, or import it here: Role.fromRoleName(this, 'Mandated', 'name')",
    },
  ];
}

/** A capability's prelude requires that the handler is bundled here. */
function preludeChecks({ code, access = {} }: ServiceFunctionProps): Check[] {
  const names = Object.keys(access).filter((name) => preludeOf({ [name]: access[name]! }) !== '');
  return names.map((name) => ({
    prop: `access.${name}`,
    value: 'validators of a hub',
    valid: () => code === undefined,
    rule: "must be given to a handler that is bundled here, with 'entry'",
    remedy: "give 'entry' instead of 'code', or switch validation off on the hub",
  }));
}

/** Secrets as capabilities to read them. */
export function accessTo(secrets: ServiceFunctionProps['secrets'] = {}): AccessMap {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, Access.secret(secret).read()]));
}

/** Limits of the service, and of settings on each other. Every function is judged: rows are made for what is given only. */
function limitChecks(props: ServiceFunctionProps): Check[] {
  const { timeout, memorySize, reservedConcurrency: reserved, warm, onFailure, handler, functionName } = props;
  const rows: Check[] = [];
  if (timeout !== undefined) {
    rows.push({
      prop: 'timeout',
      value: timeout,
      valid: () => wholeWithin(functionTimeout.value, timeout.toMilliseconds() / 1000),
      rule: `must be whole seconds from ${functionTimeout.value.min} to ${functionTimeout.value.max}`,
      remedy: 'shorten it, or move longer work to a state machine or a durable function',
    });
  }
  if (memorySize !== undefined) {
    rows.push({
      prop: 'memorySize',
      value: memorySize,
      valid: () => wholeWithin(functionMemory.value, memorySize),
      rule: `must be whole MB from ${functionMemory.value.min} to ${functionMemory.value.max}`,
      remedy: 'choose a size in that range',
    });
  }
  if (handler !== undefined) {
    rows.push({
      prop: 'handler',
      value: handler,
      valid: () => /^\S+$/.test(handler) && handler.length <= handlerLength.value,
      rule: `must be 1 to ${handlerLength.value} characters, without spaces`,
      remedy: "name file and export: 'index.handler'",
    });
  }
  if (functionName !== undefined) {
    rows.push({
      prop: 'functionName',
      value: functionName,
      valid: () => /^[\w-]+$/.test(functionName) && functionName.length <= functionNameLength.value,
      rule: `must be 1 to ${functionNameLength.value} letters, digits, hyphens and underscores`,
      remedy: 'fix it, or leave it out, so that a replacement never clashes with the name',
    });
  }
  if (reserved !== undefined) {
    rows.push({
      prop: 'reservedConcurrency',
      value: reserved,
      valid: () => Number.isInteger(reserved) && reserved >= 0,
      rule: 'must be a whole number, at least 0',
      remedy: 'give the maximum concurrent executions',
    });
  }
  if (warm !== undefined) rows.push(...warmChecks(warm, reserved));
  if (onFailure !== undefined && onFailure !== 'none') {
    rows.push({
      prop: 'onFailure',
      value: onFailure,
      valid: () => !onFailure.fifo,
      rule: 'must be a standard queue',
      remedy: 'give a queue without fifo',
    });
  }
  return rows;
}

function warmChecks(warm: number, reserved: number | undefined): Check[] {
  return [
    {
      prop: 'warm',
      value: warm,
      valid: () => Number.isInteger(warm) && warm >= 1,
      rule: 'must be a whole number, at least 1',
      remedy: 'remove it to keep nothing warm',
    },
    {
      prop: 'warm',
      value: warm,
      reads: [reserved],
      valid: () => reserved === undefined || warm <= reserved,
      rule: `must be at most 'reservedConcurrency' (${reserved})`,
      remedy: `raise 'reservedConcurrency', or keep fewer warm`,
    },
  ];
}

function wholeWithin(range: { readonly min: number; readonly max: number }, value: number): boolean {
  return Number.isInteger(value) && within(range, value);
}
