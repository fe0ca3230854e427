import type { Fact, Range } from './fact';

const LIMITS = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const READ = '2026-11-21';

/** Timeout of a function. The service's own default is 3 seconds. */
export const functionTimeout: Fact<Range> = {
  value: { min: 1, max: 900 },
  unit: 'seconds',
  source: LIMITS,
  read: READ,
};

/** The timeout of a function that names none. */
export const defaultTimeout: Fact<number> = {
  value: 3,
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html',
  read: READ,
};

/** Memory of a function; its share of CPU follows. */
export const functionMemory: Fact<Range> = { value: { min: 128, max: 10_240 }, unit: 'MB', source: LIMITS, read: READ };

/** Size of `/tmp`. */
export const ephemeralStorage: Fact<Range> = {
  value: { min: 512, max: 10_240 },
  unit: 'MB',
  source: LIMITS,
  read: READ,
};

/** All environment variables together, names and values. */
export const environmentSize: Fact<number> = { value: 4096, unit: 'bytes', source: LIMITS, read: READ };

/** Form of an environment variable's name: two characters or more, a letter first. */
export const variableName: Fact<RegExp> = {
  value: /^[a-zA-Z][a-zA-Z0-9_]+$/,
  unit: 'form',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html',
  read: READ,
};

/** Names of environment variables that the service sets itself and refuses from a function's configuration. */
export const reservedVariables: Fact<readonly string[]> = {
  value: [
    '_HANDLER',
    '_X_AMZN_TRACE_ID',
    'AWS_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'AWS_DEFAULT_REGION',
    'AWS_EXECUTION_ENV',
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
    'AWS_LAMBDA_FUNCTION_NAME',
    'AWS_LAMBDA_FUNCTION_VERSION',
    'AWS_LAMBDA_INITIALIZATION_TYPE',
    'AWS_LAMBDA_LOG_GROUP_NAME',
    'AWS_LAMBDA_LOG_STREAM_NAME',
    'AWS_LAMBDA_RUNTIME_API',
    'AWS_REGION',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'LAMBDA_RUNTIME_DIR',
    'LAMBDA_TASK_ROOT',
  ],
  unit: 'names',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html',
  read: READ,
};

/** Request and response of a synchronous invocation, which is also how a mapping delivers a batch. */
export const synchronousPayload: Fact<number> = { value: 6 * 1024 * 1024, unit: 'bytes', source: LIMITS, read: READ };

/** Event of an asynchronous invocation. */
export const asynchronousPayload: Fact<number> = { value: 1024 * 1024, unit: 'bytes', source: LIMITS, read: READ };

/** A streamed response; after the first 6 MB it is held to 2 MB per second. */
export const streamedPayload: Fact<number> = { value: 200 * 1024 * 1024, unit: 'bytes', source: LIMITS, read: READ };

/** Description of a function. */
export const functionDescription: Fact<number> = {
  value: 256,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html',
  read: '2026-11-30',
};

/** Layers of one function. */
export const layersPerFunction: Fact<number> = { value: 5, unit: 'layers', source: LIMITS, read: READ };

/** Concurrency of an account in a region until AWS raises it; a new account may start as low as 10. */
export const accountConcurrency: Fact<number> = {
  value: 1000,
  unit: 'concurrent executions',
  source: LIMITS,
  read: READ,
};

/** The part of an account's concurrency that no reservation may take. */
export const unreservedConcurrency: Fact<number> = {
  value: 100,
  unit: 'concurrent executions',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
  read: READ,
};

/** Attempts after the first that the service makes for an asynchronous event. */
export const asynchronousRetries: Fact<Range> = {
  value: { min: 0, max: 2 },
  unit: 'retries',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html',
  read: READ,
};

/** Age after which the service no longer repeats an asynchronous event. */
export const asynchronousEventAge: Fact<Range> = {
  value: { min: 60, max: 21_600 },
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html',
  read: READ,
};

/** Runtimes that SnapStart accepts, as the beginning of their names with the first supported version. */
export const snapStartRuntimes: Fact<Readonly<Record<string, number>>> = {
  value: { java: 11, python: 3.12, dotnet: 8 },
  unit: 'first version',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html',
  read: READ,
};

/** Total time of a durable execution. */
export const durableExecutionTimeout: Fact<Range> = {
  value: { min: 1, max: 31_622_400 },
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html',
  read: READ,
};

/** How long the history of a finished durable execution is kept. */
export const durableRetention: Fact<Range> = {
  value: { min: 1, max: 90 },
  unit: 'days',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html',
  read: READ,
};

/** Operations of one durable execution; each attempt after the first counts as one more here, to be on the safe side. */
export const durableOperations: Fact<number> = {
  value: 3000,
  unit: 'operations',
  source: LIMITS,
  read: '2026-11-29',
};

/** Everything that one durable execution writes. */
export const durableStorage: Fact<number> = {
  value: 100 * 1024 * 1024,
  unit: 'bytes',
  source: LIMITS,
  read: '2026-11-29',
};

/** The result of a step of a durable execution, the result of a context, and any of its errors. */
export const durableStepPayload: Fact<number> = {
  value: 256 * 1024,
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CheckpointDurableExecution.html',
  read: '2026-11-29',
};

/** What a durable execution hands to a function that it calls, and gets of it. */
export const durableInvokePayload: Fact<number> = {
  value: 1024 * 1024,
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CheckpointDurableExecution.html',
  read: '2026-11-29',
};

/** Longest name of a durable execution: letters, digits, hyphens and underscores. */
export const durableName: Fact<RegExp> = {
  value: /^[\w-]{1,64}$/,
  unit: 'form',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_Execution.html',
  read: '2026-11-29',
};

/** Longest time that a durable execution may have where its caller waits for it. */
export const durableSynchronous: Fact<number> = {
  value: 900,
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking.html',
  read: '2026-11-29',
};

/** Retention of a secret or parameter in the cache of the Parameters and Secrets extension; it listens on port 2773. */
export const extensionCacheTime: Fact<Range> = {
  value: { min: 0, max: 300 },
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html',
  read: READ,
};

/** Secrets and parameters that the Parameters and Secrets extension keeps; 0 switches its cache off. */
export const extensionCacheSize: Fact<Range> = {
  value: { min: 0, max: 1000 },
  unit: 'entries',
  source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html',
  read: READ,
};

/** Longest name of a function. */
export const functionNameLength: Fact<number> = {
  value: 64,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html',
  read: '2026-11-30',
};

/** Longest name of a handler: file and export. */
export const handlerLength: Fact<number> = {
  value: 128,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html',
  read: '2026-11-30',
};
