import { RemovalPolicy } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { check, type Check } from '../../core/check/check';
import { filled, having, oneOf, record } from '../../core/check/kinds';
import { checkProps, type ForeignNames, type Shape } from '../../core/check/shape';
import { functionMemory } from '../../core/facts/lambda';
import { within } from '../../core/facts/fact';
import { KEY, TOPIC } from '../resource-kinds';
import { checkScope } from '../scope-check';
import { FUNCTION_SHAPE } from '../service-function-checks';
import { variableChecks } from '../access/variables';
import { keep, keptAt } from './kept';
import type { AlarmDefaults, AllDefaults, FunctionDefaults, LogDefaults, TableDefaults } from './props';

/**
 * What a team sets once for all constructs in an app, a stage or a stack. A nearer scope wins over one further out, the props of a
 * construct win over both, and what a pattern derives or chooses for a function of its own stays.
 * @example
 * Defaults.of(app).functions({ memorySize: 1024, tags: { team: 'shop' } }).alarms({ topic });
 */
export class Defaults {
  /** The defaults of a scope: `Defaults.of(app)`. Set before what they are for is made. */
  static of(scope: IConstruct): Defaults {
    checkScope('Defaults.of', scope);
    return new Defaults(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Of every `ServiceFunction`, those of patterns too. `environment` and `tags` are joined name by name.
   * @throws PatternError when a value is none that a function takes, or a function was made before
   */
  functions(defaults: FunctionDefaults): this {
    return this.set('functions', defaults, FUNCTIONS, functionRows, NOT_FOR_ALL);
  }

  /**
   * Of every `EntityTable`, those of patterns too.
   * @throws PatternError when a value is none that a table takes, or a table was made before
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
   * Of every pattern's alarms, and of `Alarms`.
   * @throws PatternError when there is no such topic, or alarms that tell nobody were made before
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
    checkProps(`Defaults.of(${scope.node.path || 'app'}).${kind}`, defaults, shape, rows, foreign);
    const asked = keptAt(scope).asked.get(kind);
    check(scope, [
      {
        prop: kind,
        value: asked,
        valid: () => asked === undefined,
        rule: 'must be set before what they are for is made, which would go without them',
        remedy: `call Defaults.of(...).${kind}(...) before '${asked}' is made`,
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
  encryption: having('an encryption of tables', 'type', 'write TableEncryptionV2.customerManagedKey(key)'),
  removalPolicy: oneOf(...Object.values(RemovalPolicy)),
};

const LOGS: Shape<LogDefaults> = { retention: FUNCTION_SHAPE.logRetention, encryptionKey: KEY };

const ALARMS: Shape<AlarmDefaults> = { topic: TOPIC };

const OF_ONE = 'set it on the handler: what must agree with it is derived from it there';

const NOT_FOR_ALL = {
  timeout: OF_ONE,
  reservedConcurrency: OF_ONE,
  warm: OF_ONE,
  onFailure: OF_ONE,
  access: 'set it on the handler: what one function may do, not all may',
  vpc: 'set it on the handlers that need it: a function in a VPC has no way out of it by itself',
};

function functionRows({ runtime, memorySize, environment = {} }: FunctionDefaults): Check[] {
  return [
    {
      prop: 'runtime',
      value: runtime?.name,
      valid: () => runtime === undefined || /^nodejs/.test(runtime.name),
      rule: "must be one of Node.js, for which 'entry' is bundled",
      remedy: "set other runtimes on the functions that have their 'code'",
    },
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
      rule: 'must not be set for all, since it would take the source maps from the stack traces of bundled handlers',
      remedy: 'set it on the handlers that need it, with --enable-source-maps in it',
    },
    ...variableChecks({ environment, access: {}, secrets: {} }),
  ];
}
