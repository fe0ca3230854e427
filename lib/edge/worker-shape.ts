import {
  filled,
  flag,
  having,
  hidden,
  input,
  list,
  matching,
  needed,
  number,
  object,
  oneOf,
  record,
  text,
} from '../core/check/kinds';
import type { ForeignNames, Kind, Shape } from '../core/check/shape';
import type { AccountArgs } from './check-args';
import type { EdgeDomain, EdgeRoute, RouteArgs } from './routes';
import { TELEMETRY_ARGS } from './telemetry';
import { VARIABLE } from './variables';
import type { WorkerArgs } from './worker';

/**
 * An id that Cloudflare gave, of which people write the name in its place. Its length is not judged: tests and local runs
 * use ids that are made up.
 */
export function identifier(example: string): Kind {
  return input(matching(/^[\w-]+$/, 'must be an id, which has letters and digits only, and is no name', example));
}

/** Arguments of every component. */
export const ACCOUNT: Shape<AccountArgs> = { accountId: identifier('0123456789abcdef0123456789abcdef') };

export const CAPABILITY = having('a capability', 'binding', "say what may be done: 'db.readWrite()', 'store.read()'");

/** The module of a Worker. */
export const HANDLER: Kind = needed(text('workers/api.ts'), "give the path of the Worker's module");

/** Shape of every Worker's arguments. */
export const WORKER: Shape<WorkerArgs> = {
  ...ACCOUNT,
  ...TELEMETRY_ARGS,
  handler: HANDLER,
  modules: record(oneOf('text', 'data', 'wasm'), "{ '.md': 'text' }"),
  access: record(CAPABILITY, '{ DB: db.readWrite() }'),
  environment: record(VARIABLE, "{ STAGE: 'prod' }"),
  secrets: hidden(
    record(hidden(input(filled('config.requireSecret("key")'))), "{ API_KEY: config.requireSecret('apiKey') }"),
  ),
  cpuTime: number,
  compatibilityDate: text('2026-10-01'),
  compatibilityFlags: list(filled('nodejs_compat'), "['nodejs_compat']"),
  previewUrls: flag,
  scriptName: input(text('api')),
};

/** Names from the provider and from wrangler's configuration, and their equivalents here. */
export const WORKER_NAMES: ForeignNames = {
  bindings: "write 'access', with a capability per name",
  vars: "write 'environment'",
  env: "write 'environment'",
  script: "write 'handler'",
  entry: "write 'handler'",
  content: "write 'handler'",
  main: "write 'handler'",
  name: "write 'scriptName'",
  crons: "write 'schedule' of an EdgeCron",
  limits: "write 'cpuTime'",
  observability: "write 'logs' and 'traces'",
  logpush: "write 'logs: { logpush: true }'",
  tailConsumers: "write 'tail'",
  tail_consumers: "write 'tail'",
  rules: "write 'modules': { '.md': 'text' }",
  compatibility_date: "write 'compatibilityDate'",
  compatibility_flags: "write 'compatibilityFlags'",
};

/** The id of a zone. */
const ZONE = needed(identifier('023e105f4ecef8ad9ca31a8372d0c353'), 'give the id of the zone');

/** A hostname with its zone. */
export const DOMAIN = object<EdgeDomain>(
  {
    hostname: input(needed(text('api.example.com'), "give the hostname: 'api.example.com'")),
    zoneId: ZONE,
  },
  "{ hostname: 'api.example.com', zoneId }",
  { name: "write 'hostname'" },
);

/** Shape of where a Worker answers. */
export const ROUTES: Shape<RouteArgs> = {
  domain: DOMAIN,
  routes: list(
    object<EdgeRoute>(
      {
        pattern: needed(text('example.com/api/*'), "give the pattern: 'example.com/api/*'"),
        zoneId: ZONE,
      },
      "{ pattern: 'example.com/api/*', zoneId }",
    ),
    "[{ pattern: 'example.com/api/*', zoneId }]",
  ),
  workersDev: flag,
};
