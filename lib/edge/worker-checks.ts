import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Check } from '../core/check/check';
import { cloudflare as facts, within } from '../core/facts';
import type { Bundle } from './bundle';
import { valuesOf } from './capability';
import { telemetryChecks } from './telemetry';
import { variableChecks } from './variables';
import type { WorkerArgs } from './worker';

/** There is no older behaviour of the runtime. */
const FIRST_DATE = '2021-11-02';
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** What calls a Worker. */
export type WorkerHandler = 'fetch' | 'queue' | 'scheduled' | 'tail';

/** The rows for the method of the default export that a trigger calls. */
export function handlerChecks({ handler }: WorkerArgs, { handlers, errors }: Bundle, needed: WorkerHandler): Check[] {
  return [
    {
      prop: 'handler',
      value: handler,
      valid: () => errors.length > 0 || handlers === undefined || handlers.includes(needed),
      rule: `must have '${needed}' in its default export: nothing else is called`,
      remedy: `write 'export default { ${needed}(...) { ... } }'; there is ${handlers?.map((name) => `'${name}'`).join(', ') || 'nothing'}`,
    },
  ];
}

/** The rows for a class whose methods other Workers call. */
export function entrypointChecks(entrypoint: string, { exports, bases }: Bundle): Check[] {
  const classes = exports.filter((name) => bases[name] === 'WorkerEntrypoint' && name !== 'default');
  const base = bases[entrypoint];
  return [
    {
      prop: 'entrypoint',
      value: entrypoint,
      valid: () => exports.includes(entrypoint) && entrypoint !== 'default',
      rule: 'must be a class that the handler exports by its name',
      remedy: `export it there; there is ${classes.map((name) => `'${name}'`).join(', ') || 'none'}`,
    },
    {
      prop: 'entrypoint',
      value: entrypoint,
      valid: () => !exports.includes(entrypoint) || entrypoint === 'default' || (base ?? EXTENDED) === EXTENDED,
      rule: `must be a class that extends 'WorkerEntrypoint': nothing else can be called by its methods`,
      remedy:
        base === 'DurableObject'
          ? "bind a Durable Object by 'connect()' of an EdgeRoom"
          : "write 'class ... extends WorkerEntrypoint', of 'cloudflare:workers'",
    },
  ];
}

const EXTENDED = 'WorkerEntrypoint';

/** A date that there is, as YYYY-MM-DD. */
function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

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
  const flags = args.compatibilityFlags ?? [];
  const values = valuesOf(access);
  const names = [
    ...Object.keys(access),
    ...Object.keys(environment),
    ...Object.keys(secrets),
    ...values.map(({ name }) => name),
  ];
  const ofAccess = Object.values(access).filter((one) => one?.binding?.type === 'secret_text').length + values.length;
  const variables = Object.keys(environment).length + Object.keys(secrets).length + ofAccess;
  const models = Object.keys(access).filter((name) => access[name]?.binding?.type === 'ai');
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
    ...Object.keys(args.modules ?? {}).map((end) => ({
      prop: 'modules',
      value: end,
      valid: () => /^\.[\w-]+$/.test(end) && !/^\.([cm]?[jt]sx?|json)$/.test(end),
      rule: 'must be for names that end, after their last dot, as no code does',
      remedy: "write for instance '.md'",
    })),
    ...Object.entries(exported).map(([prop, name]) => ({
      prop,
      value: prop === 'handler' ? args.handler : name,
      valid: () => code.errors.length > 0 || code.exports.includes(name),
      rule: prop === 'handler' ? 'must have a default export' : `must be exported by '${args.handler}'`,
      remedy: `export it there; the module exports ${code.exports.map((other) => `'${other}'`).join(', ') || 'nothing'}`,
    })),
    ...[...new Set(names)].map((name) => ({
      prop: propOf(name, args, values),
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
    ...models.slice(1).map((name) => ({
      prop: `access.${name}`,
      value: name,
      valid: () => false,
      rule: `must not be a second binding of Workers AI beside '${models[0]}': a Worker has one`,
      remedy: "name the models of both in one EdgeAi: models: { EMBEDDING: '...', ANSWER: '...' }",
    })),
    ...variableChecks(environment),
    ...telemetryChecks(args),
    {
      prop: 'environment',
      value: variables,
      valid: () => variables <= facts.variables.value,
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
      valid: () => compatibilityDate === undefined || (isDate(compatibilityDate) && compatibilityDate >= FIRST_DATE),
      rule: `must be a date from ${FIRST_DATE} on, as YYYY-MM-DD`,
      remedy: `leave it out for ${facts.compatibilityDate.value}`,
    },
    ...flags.map((flag) => ({
      prop: 'compatibilityFlags',
      value: flag,
      valid: () =>
        /^[a-z0-9_]+$/.test(flag) &&
        flags.filter((other) => other === flag).length === 1 &&
        !flags.includes(`no_${flag}`),
      rule: 'must hold names of flags, each once and none with its opposite',
      remedy: "write for instance 'nodejs_compat'",
    })),
    {
      prop: 'scriptName',
      value: scriptName,
      valid: () => scriptName === undefined || /^[a-z0-9]([a-z0-9-_]{0,61}[a-z0-9])?$/.test(String(scriptName)),
      rule: `must be at most ${facts.nameLength.value} lower-case letters, digits, dashes and underscores`,
      remedy: 'shorten it',
    },
  ];
}

/** The prop that gives a Worker a name. */
function propOf(
  name: string,
  { access = {}, environment = {} }: WorkerArgs,
  values: ReturnType<typeof valuesOf>,
): string {
  if (name in access) return `access.${name}`;
  const of = values.find((value) => value.name === name)?.of;
  if (of !== undefined) return `access.${of}`;
  return name in environment ? `environment.${name}` : `secrets.${name}`;
}

/** Bytes of a Worker's modules as the limit counts them; compressed only where that decides. */
function uploadSize({ main, files, errors }: Bundle): number {
  if (errors.length > 0) return 0;
  const modules = [main, ...files.filter(({ contentType }) => contentType !== 'application/source-map')];
  const contents = modules.map(({ file }) => readFileSync(file));
  const size = contents.reduce((sum, content) => sum + content.byteLength, 0);
  return size <= facts.workerSize.value ? size : gzipSync(Buffer.concat(contents)).byteLength;
}
