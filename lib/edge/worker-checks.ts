import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Check } from '../core/check/check';
import { cloudflare as facts, within } from '../core/facts';
import type { Bundle } from './bundle';
import { valuesOf } from './capability';
import { telemetryChecks } from './telemetry';
import { variableChecks } from './variables';
import type { WorkerArgs } from './worker';

/** The runtime has no behaviour older than this. */
const FIRST_DATE = '2021-11-02';
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Handlers the platform calls. */
export type WorkerHandler = 'fetch' | 'queue' | 'scheduled' | 'tail';

/** Checks of the default export's method that a trigger calls. */
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

/** Checks of a class whose methods other Workers call. */
export function entrypointChecks(entrypoint: string, { exports, bases }: Bundle): Check[] {
  const classes = exports.filter((name) => bases[name] === 'WorkerEntrypoint' && name !== 'default');
  const base = bases[entrypoint];
  return [
    {
      prop: 'entrypoint',
      value: entrypoint,
      valid: () => exports.includes(entrypoint) && entrypoint !== 'default',
      rule: 'must be a class that the handler exports by name',
      remedy: `export it there; there is ${classes.map((name) => `'${name}'`).join(', ') || 'none'}`,
    },
    {
      prop: 'entrypoint',
      value: entrypoint,
      valid: () => !exports.includes(entrypoint) || entrypoint === 'default' || (base ?? EXTENDED) === EXTENDED,
      rule: `must be a class that extends 'WorkerEntrypoint': only its methods can be called`,
      remedy:
        base === 'DurableObject'
          ? "bind a Durable Object with 'connect()' of an EdgeRoom"
          : "write 'class ... extends WorkerEntrypoint', from 'cloudflare:workers'",
    },
  ];
}

const EXTENDED = 'WorkerEntrypoint';

/** A valid date, as YYYY-MM-DD. */
function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/**
 * Checks of a Worker.
 * @param code the bundled handler
 * @param exported what the handler must export, by the prop that requires it
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
      rule: 'must be for file extensions other than those of code',
      remedy: "write '.md', for instance",
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
      rule: "must be a JavaScript identifier that 'access', 'environment' and 'secrets' use only once",
      remedy: 'rename it',
    })),
    ...Object.entries(access).map(([name, capability]) => ({
      prop: `access.${name}`,
      value: typeof capability === 'object' ? capability?.constructor.name : capability,
      valid: () => capability?.binding?.type !== undefined,
      rule: 'must be a capability',
      remedy: "set 'db.read()', for instance, or 'bind({ type })' for resources without a component",
    })),
    ...models.slice(1).map((name) => ({
      prop: `access.${name}`,
      value: name,
      valid: () => false,
      rule: `must not be a second Workers AI binding next to '${models[0]}': a Worker has only one`,
      remedy: "name the models of both in one EdgeAi: models: { EMBEDDING: '...', ANSWER: '...' }",
    })),
    ...variableChecks(environment),
    ...telemetryChecks(args),
    {
      prop: 'environment',
      value: variables,
      valid: () => variables <= facts.variables.value,
      rule: `and 'secrets' must have at most ${facts.variables.value} names`,
      remedy: 'combine values into one',
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
      rule: `must be a date as YYYY-MM-DD, ${FIRST_DATE} or later`,
      remedy: `leave it out for ${facts.compatibilityDate.value}`,
    },
    {
      prop: 'compatibilityDate',
      value: compatibilityDate,
      // By the clock, as Cloudflare judges: what is refused today is accepted later, and never the other way round.
      valid: () => compatibilityDate === undefined || !isDate(compatibilityDate) || compatibilityDate <= today(),
      rule: `must not be in the future: Cloudflare accepts up to ${today()} today`,
      remedy: `leave it out for ${facts.compatibilityDate.value}`,
    },
    ...flags.map((flag) => ({
      prop: 'compatibilityFlags',
      value: flag,
      valid: () =>
        /^[a-z0-9_]+$/.test(flag) &&
        flags.filter((other) => other === flag).length === 1 &&
        !flags.includes(`no_${flag}`),
      rule: 'must be distinct flags, without opposites',
      remedy: "write 'nodejs_compat', for instance",
    })),
    {
      prop: 'scriptName',
      value: scriptName,
      valid: () => scriptName === undefined || isName(String(scriptName)),
      rule: `must be at most ${facts.nameLength.value} lower-case letters, digits, dashes and underscores`,
      remedy: 'shorten it',
    },
  ];
}

function isName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-_]*[a-z0-9])?$/.test(text) && text.length <= facts.nameLength.value;
}

/** The prop that sets a Worker's name. */
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

/** Bytes of a Worker's modules as the limit counts them; compressed only if that matters. */
function uploadSize({ main, files, errors }: Bundle): number {
  if (errors.length > 0) return 0;
  const modules = [main, ...files.filter(({ contentType }) => contentType !== 'application/source-map')];
  const contents = modules.map(({ file }) => readFileSync(file));
  const size = contents.reduce((sum, content) => sum + content.byteLength, 0);
  return size <= facts.workerSize.value ? size : gzipSync(Buffer.concat(contents)).byteLength;
}

/** The date in UTC. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}
