import { Duration, Stack, Tags } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { checkPlace } from './construct-checks';
import { acknowledge } from './acknowledge';
import { check, type Check, failuresOf } from '../core/check/check';
import { checkPlacedProps } from './placed-props';
import { inTheNameOf } from '../core/errors';
import { grantAccess, preludeOf, variablesOf } from './access/apply';
import { ENCRYPT, throughService } from './access/encryption';
import { elsewhere, nameOf } from './access/place';
import { unwrappedSecrets } from './access/variables';
import { bundledCode, bundleTogether } from './bundle';
import { deadLetterQueue } from './dead-letter-queue';
import { defaultsIn, given, over } from './defaults/kept';
import { executionRole } from './execution-role';
import { HANDLER_MEMORY, HANDLER_TIMEOUT } from './function-defaults';
import { patternLogGroup } from './pattern-log-group';
import { withoutReferences } from './references';
import { accessTo, FUNCTION_NAMES, FUNCTION_SHAPE, functionChecks } from './service-function-checks';
import type { FunctionSource, HandlerDefaults, HandlerSource, ServiceFunctionProps } from './service-function-props';

export type { FunctionSource, HandlerDefaults, HandlerSource, ServiceFunctionProps } from './service-function-props';

/**
 * A production-ready function: its own role with nothing but its logs, its traces and what `access` names; a
 * log group with retention; JSON logs; active tracing; ARM; the current Node.js; a dead-letter queue for failed events.
 *
 * Timeout 10 seconds: by then most callers have given up, and a long job sets its own. Memory 512 MB: CPU comes with
 * memory, and less makes cold starts slow without saving money on most handlers; power-tune what runs often.
 * Role, log group and dead-letter queue are created next to the function: `<id>Role`, `<id>Logs`,
 * `<id>DeadLetterQueue`.
 * @example
 * new ServiceFunction(this, 'PlaceOrder', { entry: 'src/place-order.ts', access: { ORDERS: orders.write() } });
 */
export class ServiceFunction extends lambda.Function {
  /** The alias kept warm, if `warm` is given. */
  readonly live?: lambda.Alias;
  /** What a trigger must invoke: the alias `live` if the function is kept warm, otherwise the function. */
  readonly trigger: lambda.IFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const path = checkPlace(new.target, scope, id);
    const place = Stack.of(scope);
    const { permissionsBoundary, tags, logRetention: teams, ...settings } = defaultsIn(scope, 'functions', path);
    const all = over(props?.logGroup ? settings : { ...settings, logRetention: teams }, given(props));
    checkPlacedProps({ scope, path }, all, FUNCTION_SHAPE, (given) => functionChecks(given, place), FUNCTION_NAMES);
    const { entry, bundling, code, access, secrets, reservedConcurrency, warm, onFailure, ...others } = all;
    const { logRetention, ...options } = others;
    const { timeout = Duration.seconds(HANDLER_TIMEOUT), memorySize = HANDLER_MEMORY } = options;
    const { tracing = lambda.Tracing.ACTIVE } = options;
    const environment = { ...(entry === undefined ? {} : SOURCE_MAPS), ...options.environment };
    const granted = { ...access, ...accessTo(secrets) };
    const logGroup = options.logGroup ?? patternLogGroup(scope, `${id}Logs`, { retention: logRetention });
    const failures = onFailure ?? deadLetterQueue(scope, `${id}DeadLetterQueue`);
    super(scope, id, {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      architecture: lambda.Architecture.ARM_64,
      loggingFormat: lambda.LoggingFormat.JSON,
      ...options,
      timeout,
      memorySize,
      environment: { ...environment, ...Object.fromEntries(variablesOf(granted, place)) },
      code: code ?? bundledCode(scope, path, { ...options, entry: entry!, bundling, prelude: preludeOf(access) }),
      role:
        options.role ?? executionRole(scope, `${id}Role`, { logGroup, tracing, network: options.vpc !== undefined }),
      logGroup,
      reservedConcurrentExecutions: reservedConcurrency,
      deadLetterQueue: failures === 'none' ? undefined : failures,
      // The role already allows tracing; the L2 would add it again, with its wildcard among the statements of 'access'.
      tracing: undefined,
    });
    const definition = this.node.defaultChild as lambda.CfnFunction;
    definition.tracingConfig = tracing === lambda.Tracing.DISABLED ? undefined : { mode: tracing };
    if (warm !== undefined) this.live = keptWarm(this, warm);
    this.trigger = this.live ?? this;

    this.node.addValidation({ validate: () => this.unwrapped() });
    const own = [this, ...[`${id}Role`, `${id}Logs`].flatMap((name) => scope.node.tryFindChild(name) ?? [])];
    for (const [name, value] of Object.entries(tags ?? {})) for (const part of own) Tags.of(part).add(name, value);
    if (permissionsBoundary && !props.role) iam.PermissionsBoundary.of(this.role!).apply(permissionsBoundary);
    grantAccess(this, granted, {
      owner: this,
      prop: (name) => (secrets && name in secrets ? `secrets.${name}` : `access.${name}`),
    });
    if (failures === 'none') acknowledge(definition, NO_ASYNCHRONOUS_EVENTS);
    else grantKey(this, failures);
  }

  /** Checked at the end, however variables were set: `addEnvironment` may be called until then. */
  private unwrapped(): string[] {
    const { environment } = this.node.defaultChild as lambda.CfnFunction;
    const { variables = {} } = (withoutReferences(this, environment) ?? {}) as { variables?: Record<string, unknown> };
    return failuresOf(unwrappedSecrets(variables)).map(({ message }) => `${message} (${this.node.path})`);
  }
}

/** Where the user wrote a handler. */
export interface WrittenHandler {
  /**
   * The user's construct.
   * @default - the function's scope
   */
  readonly owner?: Construct;
  /** @default 'handler' */
  readonly prop?: string;
  /**
   * Settings that the pattern adds, and the user's props that they come from: `{ 'access.MODEL': 'readModel' }`.
   * @default - none
   */
  readonly added?: Readonly<Record<string, string>>;
}

/**
 * The function of a handler: the team's own as it is, or else a new `ServiceFunction`.
 * @param defaults the pattern's settings where the team made none
 * @param written where the user wrote the handler
 */
export function handlerOf(
  scope: Construct,
  id: string,
  source: HandlerSource,
  defaults?: HandlerDefaults,
  written?: WrittenHandler,
): lambda.Function;
export function handlerOf(
  scope: Construct,
  id: string,
  source: FunctionSource,
  defaults?: HandlerDefaults,
  written?: WrittenHandler,
): lambda.IFunction;
export function handlerOf(
  scope: Construct,
  id: string,
  source: FunctionSource,
  defaults: HandlerDefaults = {},
  { owner = scope, prop = 'handler', added = {} }: WrittenHandler = {},
): lambda.IFunction {
  if (isFunction(source)) {
    check(owner, nearChecks(scope, source, prop));
    return source;
  }
  const name = (inner: string) =>
    added[inner] ?? (typeof source === 'string' && inner === 'entry' ? prop : `${prop}.${inner}`);
  return inTheNameOf(
    owner.node.path,
    () => new ServiceFunction(scope, id, { ...defaults, ...settingsOf(source) }),
    name,
  );
}

/** Whatever invokes a function directly must be in its account and region. */
export function nearChecks(scope: Construct, fn: lambda.IFunction, prop: string): Check[] {
  const [here, there] = [Stack.of(scope), fn.env];
  return [
    {
      prop,
      value: fn.node.path,
      valid: () => !elsewhere(here, there),
      rule: `must be a function in the account and region of what invokes it: it is in ${nameOf(there)}, and this is in ${nameOf(here)}`,
      remedy:
        "create a handler here that invokes it: { entry: 'src/handler.ts', access: { CALLED: Access.function(fn).invoke() } }",
    },
  ];
}

/** Bundles the handlers of several sources at once, before their functions are created: much faster than one by one. */
export function bundleHandlers(scope: Construct, sources: readonly HandlerSource[]): void {
  const settings = sources.flatMap((source) => (isFunction(source) ? [] : [settingsOf(source)]));
  bundleTogether(
    scope,
    settings.flatMap(({ entry, bundling, access }) =>
      entry === undefined ? [] : [{ entry, bundling, prelude: preludeOf(access) }],
    ),
  );
}

/** What a trigger must invoke: the warm alias of a `ServiceFunction` that has one, otherwise the function. */
export function triggerOf(fn: lambda.IFunction): lambda.IFunction {
  return fn instanceof ServiceFunction ? fn.trigger : fn;
}

/** The function that this app creates: for an alias or version the one behind it, for an imported one none. */
export function definedFunction(fn: lambda.IFunction): lambda.Function | undefined {
  if ('runtime' in fn) return fn as lambda.Function;
  return 'lambda' in fn ? definedFunction(fn.lambda as lambda.IFunction) : undefined;
}

/** Whether a handler is a function that the team already has. */
export function isFunction(source: HandlerSource): source is lambda.Function;
export function isFunction(source: FunctionSource): source is lambda.IFunction;
export function isFunction(source: FunctionSource): source is lambda.IFunction {
  return typeof source === 'object' && Construct.isConstruct(source);
}

/** Props of a handler to create. */
export function settingsOf(source: string | ServiceFunctionProps): ServiceFunctionProps {
  return typeof source === 'string' ? { entry: source } : (source ?? {});
}

/** For stack traces with source lines. */
const SOURCE_MAPS = { NODE_OPTIONS: '--enable-source-maps' };

const NO_ASYNCHRONOUS_EVENTS = {
  'Serverless::Serverless-LambdaDLQ':
    'Nothing invokes this function asynchronously: its caller learns of a failure and has its own way to handle it',
};

function keptWarm(fn: lambda.Function, environments: number): lambda.Alias {
  return new lambda.Alias(fn, 'Live', {
    aliasName: 'live',
    version: fn.currentVersion,
    provisionedConcurrentExecutions: environments,
  });
}

/** The L2 lets the role send to the queue, but forgets the queue's customer-managed key. */
function grantKey(fn: lambda.Function, queue: IQueue): void {
  for (const { actions, resources, conditions } of throughService(queue.encryptionMasterKey, 'sqs', ENCRYPT)) {
    fn.addToRolePolicy(new iam.PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
  }
}
