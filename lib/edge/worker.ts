import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check';
import { cloudflare as facts, within } from '../core/facts';
import type { Bundle } from './bundle';
import type { Access } from './capability';
import type { AccountArgs } from './check-args';
import { type MigrationsToSendArgs, migrationsToSend } from './migrations-to-send';
import { physicalName } from './physical-name';
import { claimName } from './worker-names';

/** What all Workers take. */
export interface WorkerArgs extends AccountArgs {
  /** Path of the Worker's module, relative to the working directory; bundled with what it imports. */
  readonly handler: string;
  /**
   * What the Worker may use: binding names to capabilities. A binding that is not named here does not exist.
   * @default - nothing
   */
  readonly access?: Access;
  /**
   * Variables, by name.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Secrets, by name. They are Pulumi secrets; with one of them all bindings of the Worker are encrypted in the state,
   * because the provider reads them as one list.
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * CPU time of one invocation, in milliseconds, from 1 to 300,000. Waiting does not count.
   * @default - the platform's: 30,000 on the paid plan, 10 on the free plan, which does not take this prop
   * @see https://developers.cloudflare.com/workers/platform/limits/#cpu-time
   */
  readonly cpuTime?: number;
  /**
   * The runtime's behaviour that the Worker is pinned to, as YYYY-MM-DD.
   * @default - the date of the runtime in the local run
   * @see https://developers.cloudflare.com/workers/configuration/compatibility-dates/
   */
  readonly compatibilityDate?: string;
  /**
   * Flags of the runtime.
   * @default ['nodejs_compat']
   * @see https://developers.cloudflare.com/workers/configuration/compatibility-flags/
   */
  readonly compatibilityFlags?: readonly string[];
  /**
   * The Worker's name, unique in the account, of at most 63 characters.
   * @default - project, stack and the component's name
   */
  readonly scriptName?: pulumi.Input<string>;
}

/** What the kind of Worker adds. */
export interface WorkerParts {
  /** Further bindings. */
  readonly bindings?: readonly cloudflare.types.input.WorkersScriptBinding[];
  /** Static files. */
  readonly assets?: cloudflare.types.input.WorkersScriptAssets;
  /** What was done to the Worker's Durable Object classes, and from where on it is sent. */
  readonly ledger?: Omit<MigrationsToSendArgs, 'script'>;
  /** Whether it answers on workers.dev. */
  readonly workersDev?: boolean;
  /**
   * Whether it is protected against deletion and replacement.
   * @default - as the component is
   */
  readonly protect?: boolean;
}

/** A Worker's resources. */
export interface Worker {
  /** The script: code, bindings and settings. */
  readonly script: cloudflare.WorkersScript;
  /** Whether it answers on workers.dev. Preview URLs are always off: they serve every version, to everybody. */
  readonly subdomain: cloudflare.WorkersScriptSubdomain;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * The rows of a Worker's validation table.
 * @param code the bundled handler
 * @param exported what the handler must export, by the prop that says so
 */
export function workerChecks(
  args: WorkerArgs,
  code: Bundle,
  exported: Readonly<Record<string, string>> = { handler: 'default' },
): Check[] {
  const { access = {}, environment = {}, secrets = {}, cpuTime, compatibilityDate, scriptName } = args;
  const names = [...Object.keys(access), ...Object.keys(environment), ...Object.keys(secrets)];
  return [
    ...code.errors.map((error) => ({
      prop: 'handler',
      value: args.handler,
      valid: () => false,
      rule: 'must be a module that bundles',
      remedy: error,
    })),
    {
      prop: 'handler',
      value: args.handler,
      valid: () => uploadSize(code) <= facts.workerSize.value,
      rule: `must be at most ${facts.workerSize.value} bytes with what it imports, compressed`,
      remedy: 'leave packages out, or keep data in an EdgeBucket',
    },
    ...Object.entries(exported).map(([prop, name]) => ({
      prop,
      value: prop === 'handler' ? args.handler : name,
      valid: () => code.errors.length > 0 || code.exports.includes(name),
      rule: prop === 'handler' ? 'must have a default export' : `must be exported by '${args.handler}'`,
      remedy: `export it there; the module exports ${code.exports.map((other) => `'${other}'`).join(', ') || 'nothing'}`,
    })),
    ...[...new Set(names)].map((name) => ({
      prop: name in access ? `access.${name}` : name in environment ? `environment.${name}` : `secrets.${name}`,
      value: name,
      valid: () => IDENTIFIER.test(name) && names.filter((other) => other === name).length === 1,
      rule: "must be a JavaScript identifier that 'access', 'environment' and 'secrets' use once",
      remedy: 'rename it',
    })),
    ...Object.entries(access).map(([name, capability]) => ({
      prop: `access.${name}`,
      value: typeof capability === 'object' ? capability?.constructor.name : capability,
      valid: () => capability?.binding?.type !== undefined,
      rule: 'must be a capability',
      remedy: "set for instance 'db.read()', or 'bind({ type })' for what has no component",
    })),
    ...Object.entries(environment).map(([name, value]) => ({
      prop: `environment.${name}`,
      value,
      valid: () => Buffer.byteLength(String(value)) <= facts.variableSize.value,
      rule: `must be at most ${facts.variableSize.value} bytes`,
      remedy: 'keep it in an EdgeStore',
    })),
    {
      prop: 'environment',
      value: Object.keys(environment).length + Object.keys(secrets).length,
      valid: () => Object.keys(environment).length + Object.keys(secrets).length <= facts.variables.value,
      rule: `and 'secrets' must have at most ${facts.variables.value} names`,
      remedy: 'put values together in one',
    },
    {
      prop: 'cpuTime',
      value: cpuTime,
      valid: () => cpuTime === undefined || (Number.isInteger(cpuTime) && within(facts.cpuTime.value, cpuTime)),
      rule: `must be a whole number of milliseconds from ${facts.cpuTime.value.min} to ${facts.cpuTime.value.max}`,
      remedy: 'split the work over several invocations if it needs more',
    },
    {
      prop: 'compatibilityDate',
      value: compatibilityDate,
      valid: () => compatibilityDate === undefined || /^20\d\d-[01]\d-[0-3]\d$/.test(compatibilityDate),
      rule: 'must be a date as YYYY-MM-DD',
      remedy: `leave it out for ${facts.compatibilityDate.value}`,
    },
    {
      prop: 'scriptName',
      value: scriptName,
      valid: () => scriptName === undefined || /^[a-z0-9]([a-z0-9-_]{0,61}[a-z0-9])?$/.test(String(scriptName)),
      rule: `must be at most ${facts.nameLength.value} lower-case letters, digits, dashes and underscores`,
      remedy: 'shorten it',
    },
  ];
}

/**
 * Creates a Worker with logs, source map, pinned runtime and exactly the bindings of its `access`.
 * @param parent the component; its children are `<name>-worker` and `<name>-workers-dev`
 */
export function createWorker(
  parent: pulumi.ComponentResource,
  name: string,
  args: WorkerArgs & Required<AccountArgs>,
  code: Bundle,
  { bindings = [], assets, ledger, workersDev = false, protect }: WorkerParts = {},
): Worker {
  const { accountId } = args;
  const { value: scriptName, ignoreChanges } = physicalName(args.scriptName, name, 'scriptName');
  claimName(parent.constructor.name, name, scriptName);
  const secret = Object.keys(args.secrets ?? {}).length > 0;
  const script = {
    accountId,
    scriptName,
    mainModule: code.main.name,
    contentFile: code.main.file,
    contentSha256: code.main.sha256,
    files: Object.fromEntries(
      code.files.map(({ name: part, file, sha256, contentType }) => [
        part,
        { contentFile: file, contentSha256: sha256, contentType },
      ]),
    ),
    compatibilityDate: args.compatibilityDate ?? facts.compatibilityDate.value,
    compatibilityFlags: [...(args.compatibilityFlags ?? ['nodejs_compat'])],
    bindings: [...bindingsOf(args), ...bindings].sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
    observability: { enabled: true, headSamplingRate: 1, logs: { enabled: true, invocationLogs: true } },
    limits: args.cpuTime === undefined ? undefined : { cpuMs: args.cpuTime },
    assets,
  };
  const worker = new cloudflare.WorkersScript(
    `${name}-worker`,
    { ...script, migrations: ledger && migrationsToSend(`${name}-migrations`, { script, ...ledger }, { parent }) },
    {
      parent,
      protect,
      // A Worker with Durable Objects keeps the name it says: under another one its objects would be others.
      ignoreChanges: ledger ? undefined : ignoreChanges,
      additionalSecretOutputs: secret ? ['bindings'] : undefined,
    },
  );
  const subdomain = new cloudflare.WorkersScriptSubdomain(
    `${name}-workers-dev`,
    { accountId, scriptName: worker.scriptName, enabled: workersDev, previewsEnabled: false },
    { parent },
  );
  return { script: worker, subdomain };
}

/** Bytes of a Worker's modules as the limit counts them; compressed only where that decides. */
function uploadSize({ main, files, errors }: Bundle): number {
  if (errors.length > 0) return 0;
  const modules = [main, ...files.filter(({ contentType }) => contentType !== 'application/source-map')];
  const contents = modules.map(({ file }) => readFileSync(file));
  const size = contents.reduce((sum, content) => sum + content.byteLength, 0);
  return size <= facts.workerSize.value ? size : gzipSync(Buffer.concat(contents)).byteLength;
}

function bindingsOf({ access = {}, environment = {}, secrets = {} }: WorkerArgs) {
  return [
    ...Object.entries(access).map(([name, { binding }]) => ({ name, ...binding })),
    ...Object.entries(environment).map(([name, text]) => ({ name, type: 'plain_text', text })),
    ...Object.entries(secrets).map(([name, text]) => ({ name, type: 'secret_text', text: pulumi.secret(text) })),
  ];
}
