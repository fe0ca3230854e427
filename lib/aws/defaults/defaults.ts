import { RemovalPolicy } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { check, type Check } from '../../core/check/check';
import { filled, having, oneOf, record } from '../../core/check/kinds';
import { checkProps, type ForeignNames, type Shape } from '../../core/check/shape';
import { functionMemory } from '../../core/facts/lambda';
import { within } from '../../core/facts/fact';
import { KEY, TOPIC } from '../resource-kinds';
import { checkScope } from '../construct-checks';
import { FUNCTION_SHAPE } from '../service-function-checks';
import { retiredRuntimeCheck } from '../retired-runtime';
import { variableChecks } from '../access/variables';
import { keep, keptAt } from './kept';
import type { AlarmDefaults, AllDefaults, FunctionDefaults, LogDefaults, TableDefaults } from './props';

/**
 * Settings a team makes once for all constructs in an app, a stage or a stack. An inner scope wins over an outer one, a construct's
 * own props win over both, and what a pattern derives or chooses for its own functions is left alone.
 * @example
 * Defaults.of(app).functions({ memorySize: 1024, tags: { team: 'shop' } }).alarms({ topic });
 */
export class Defaults {
  /** The defaults of a scope: `Defaults.of(app)`. Set them before creating the constructs they are for. */
  static of(scope: IConstruct): Defaults {
    checkScope('Defaults.of', scope);
    return new Defaults(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Defaults for every `ServiceFunction`, including those of patterns. `environment` and `tags` are merged by name.
   * @throws PatternError when a value is invalid for a function, or a function was created before
   */
  functions(defaults: FunctionDefaults): this {
    return this.set('functions', defaults, FUNCTIONS, functionRows, NOT_FOR_ALL);
  }

  /**
   * Defaults for every `EntityTable`, including those of patterns.
   * @throws PatternError when a value is invalid for a table, or a table was created before
   */
  tables(defaults: TableDefaults): this {
    return this.set('tables', defaults, TABLES);
  }

  /**
   * Of every log group that a construct makes: those of functions, state machines, APIs and databases.
   * @throws PatternError when a value is none that a log group takes, or a log group was made before
   */
  logs(defaults: LogDefaults): this {
    return this.set('logs', defaults, LOGS, undefined, { logRetention: "write 'retention'" });
  }

  /**
   * Defaults for every pattern's alarms, and for `Alarms`.
   * @throws PatternError when there is no such topic, or alarms without a topic were created before
   */
  alarms(defaults: AlarmDefaults): this {
    return this.set('alarms', defaults, ALARMS, undefined, { alarmTopic: "write 'topic'" });
  }

  private set<K extends keyof AllDefaults>(
    kind: K,
    defaults: AllDefaults[K],
    shape: Shape<AllDefaults[K]>,
    rows?: (defaults: AllDefaults[K]) => readonly Check[],
    foreign?: ForeignNames,
  ): this {
    const { scope } = this;
    const node = { path: `Defaults.of(${scope.node.path || 'app'}).${kind}`, root: scope.node.root };
    checkProps({ node }, defaults, shape, rows, foreign);
    const reader = keptAt(scope).readers.get(kind);
    check(scope, [
      {
        prop: kind,
        value: reader,
        valid: () => reader === undefined,
        rule: 'must be set before the constructs they are for, which would miss them',
        remedy: `call Defaults.of(...).${kind}(...) before '${reader}' is created`,
      },
    ]);
    keep(scope, kind, defaults ?? {});
    return this;
  }
}

const FUNCTIONS: Shape<FunctionDefaults> = {
  runtime: FUNCTION_SHAPE.runtime,
  architecture: FUNCTION_SHAPE.architecture,
  memorySize: FUNCTION_SHAPE.memorySize,
  tracing: FUNCTION_SHAPE.tracing,
  logRetention: FUNCTION_SHAPE.logRetention,
  environment: FUNCTION_SHAPE.environment,
  environmentEncryption: FUNCTION_SHAPE.environmentEncryption,
  layers: FUNCTION_SHAPE.layers,
  codeSigningConfig: FUNCTION_SHAPE.codeSigningConfig,
  permissionsBoundary: having(
    'a managed policy',
    'managedPolicyArn',
    "pass the policy: ManagedPolicy.fromManagedPolicyName(app, 'Boundary', 'name')",
  ),
  tags: record(filled('payments'), "{ team: 'payments' }"),
};

const TABLES: Shape<TableDefaults> = {
  encryption: having('a table encryption', 'type', 'write TableEncryptionV2.customerManagedKey(key)'),
  removalPolicy: oneOf(...Object.values(RemovalPolicy)),
};

const LOGS: Shape<LogDefaults> = { retention: FUNCTION_SHAPE.logRetention, encryptionKey: KEY };

const ALARMS: Shape<AlarmDefaults> = { topic: TOPIC };

const OF_ONE = 'set it on the handler, where whatever must match is derived from it';

const NOT_FOR_ALL = {
  timeout: OF_ONE,
  reservedConcurrency: OF_ONE,
  warm: OF_ONE,
  onFailure: OF_ONE,
  access: 'set it on the handler: not every function may do the same',
  vpc: 'set it on the handlers that need it: a function in a VPC has no internet access by default',
};

function functionRows({ runtime, memorySize, environment = {} }: FunctionDefaults): Check[] {
  return [
    {
      prop: 'runtime',
      value: runtime?.name,
      valid: () => runtime === undefined || /^nodejs/.test(runtime.name),
      rule: "must be a Node.js runtime, for which 'entry' is bundled",
      remedy: "set other runtimes on the functions with 'code'",
    },
    retiredRuntimeCheck(runtime),
    {
      prop: 'memorySize',
      value: memorySize,
      valid: () =>
        memorySize === undefined || (Number.isInteger(memorySize) && within(functionMemory.value, memorySize)),
      rule: `must be a whole number from ${functionMemory.value.min} to ${functionMemory.value.max} MB`,
      remedy: 'choose a number in that range',
    },
    {
      prop: 'environment.NODE_OPTIONS',
      value: environment.NODE_OPTIONS,
      valid: () => environment.NODE_OPTIONS === undefined,
      rule: 'must not be set for all functions, since it would disable source maps in the stack traces of bundled handlers',
      remedy: 'set it on the handlers that need it, and include --enable-source-maps',
    },
    ...variableChecks({ environment, access: {}, secrets: {} }),
  ];
}
