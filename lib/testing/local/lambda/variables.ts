import path from 'node:path';
import { lambda } from '../../../core/facts';
import type { Deployed } from '../kernel/deployment';
import { number, recordOf, text } from '../kernel/json';
import type { SigningKeys } from '../kernel/keys';
import { majorOf } from './node/node-binary';
import { nodeOptions } from './node/node-command';
import { kindOf } from './runtimes/kinds';
import { nodePath, type TaskFiles } from './task-files';

/** What a function's variables depend on, beside its own properties. */
export interface VariablesContext {
  /** The directory of its code. */
  readonly task: string;
  /** The directory of its layers. */
  readonly opt: string;
  /** The directory that it may write to. */
  readonly tmp: string;
  /** The region it is deployed to. */
  readonly region: string;
  readonly version: string;
  /** Signs its calls. */
  readonly credentials: SigningKeys;
  /** Where the SDK finds AWS. */
  readonly endpoint: string;
  /** An empty directory, as its home. */
  readonly home: string;
  /** Replaces AWS addresses with those of this run. */
  readonly rewrite: (value: string) => string;
}

/**
 * The environment of a function: what Lambda sets, and what the template says. Nothing is inherited from this process,
 * so neither the developer's credentials nor their configuration reach a handler.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function variablesOf(fn: Deployed, context: VariablesContext): Record<string, string> {
  const { properties, name } = fn;
  const own = Object.entries(recordOf(recordOf(properties.Environment).Variables)).map(
    ([key, value]) => [key, context.rewrite(text(value) ?? '')] as const,
  );
  const logging = recordOf(properties.LoggingConfig);
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: ['/usr/local/bin', '/usr/bin', '/bin', path.join(context.opt, 'bin')].join(path.delimiter),
    LD_LIBRARY_PATH: [context.task, path.join(context.task, 'lib'), path.join(context.opt, 'lib')].join(path.delimiter),
    HOME: context.home,
    TMPDIR: context.tmp,
    LAMBDA_TASK_ROOT: context.task,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: text(properties.Handler) ?? '',
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_ACCESS_KEY_ID: context.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: context.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: context.credentials.sessionToken ?? '',
    AWS_ENDPOINT_URL: context.endpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${text(properties.Runtime) ?? 'nodejs'}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: context.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryOf(fn)),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: text(logging.LogGroup) ?? `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[${context.version}]local`,
    ...(logging.LogFormat === 'JSON' && {
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_LEVEL: text(logging.ApplicationLogLevel) ?? 'INFO',
    }),
    // Tracing libraries find a daemon address, as on Lambda; invocations are not sampled, so nothing is sent there.
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    ...kindOf(text(properties.Runtime) ?? '')?.variables(context, text(properties.Runtime) ?? ''),
    ...Object.fromEntries(own),
    ...nodeVariables(text(properties.Runtime) ?? '', context, Object.fromEntries(own)),
  };
}

/** What Lambda adds for Node.js. */
function nodeVariables(
  runtime: string,
  files: Pick<TaskFiles, 'task' | 'opt'>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  if (!runtime.startsWith('nodejs')) return {};
  // Node loads these modules itself, before its file system is redirected.
  const preloaded = own.NODE_OPTIONS?.replace(/(?<![\w./-])\/opt(?=\/)/g, files.opt).replace(
    /(?<![\w./-])\/var\/task(?=\/)/g,
    files.task,
  );
  const options = nodeOptions(runtime, preloaded);
  return {
    NODE_PATH: own.NODE_PATH || nodePath(files, majorOf(runtime)),
    ...(options !== undefined && { NODE_OPTIONS: options }),
  };
}

/** The memory of a function, in MB. */
export function memoryOf(fn: Deployed): number {
  return number(fn.properties.MemorySize) ?? lambda.functionMemory.value.min;
}

/** The timeout of a function, in seconds. */
export function timeoutOf(fn: Deployed): number {
  return number(fn.properties.Timeout) ?? lambda.defaultTimeout.value;
}
