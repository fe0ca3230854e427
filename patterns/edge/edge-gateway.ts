import { createHash } from 'node:crypto';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { cloudflare as facts } from '../../lib/core/facts';
import { bundle } from '../../lib/edge/bundle';
import { bind } from '../../lib/edge/capability';
import { checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { GATEWAY } from '../../lib/edge/gateway-shape';
import { ALGORITHMS, type EdgeGatewayArgs, type GatewayAuthorizer } from '../../lib/edge/gateway-args';
import { gatewayChecks } from '../../lib/edge/gateway-checks/all';
import type { GatewayConfig } from '../../lib/edge/gateway-config';
import { derivedName } from '../../lib/edge/physical-name';
import { addressOf, createRoutes, routeChecks, type Routes, usesWorkersDev } from '../../lib/edge/routes';
import { createWorker, type Worker } from '../../lib/edge/worker';
import { workerChecks } from '../../lib/edge/worker-checks';

/**
 * A gateway in front of any origin: an API on another cloud, a Worker, a site. It checks tokens against the issuer's keys,
 * following their rotation, blocks countries and floods, gives clients sticky variants and flags, caches responses that are
 * the same for everyone, and sets security headers. The origin learns the caller from `x-auth-subject`, and the
 * decisions from `x-experiment-<name>` and `x-flag-<name>`; whatever a client sends under these names is dropped.
 *
 * Anyone who knows the origin's own address can still call it: let the origin check the token as well.
 *
 * @example
 * new EdgeGateway('gate', {
 *   origin: 'https://api.example.com',
 *   authorizer: { issuer: 'https://login.example.com', audience: ['shop'] },
 * });
 */
export class EdgeGateway extends pulumi.ComponentResource {
  /** The Worker. */
  readonly worker: Worker;
  /** Domain and routes. */
  readonly routes: Routes;
  /** Its address, if known: its domain, or workers.dev when `lintel:workersDev` is configured. */
  readonly url?: pulumi.Output<string>;

  /** @throws InputPropertiesError when the settings contradict each other or would leave a hole */
  constructor(name: string, args: EdgeGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeGateway', name, {}, opts);
    checkShape(name, args, GATEWAY);
    // The gateway's own Worker is bundled with the program like any other: what is deployed can be read and is versioned.
    const handler = path.relative(process.cwd(), path.join(__dirname, '../../lib/edge/workers/gateway/index.ts'));
    const code = bundle(name, handler);
    const { scriptName, logs, traces, tail } = args;
    const worker = { handler, scriptName, logs, traces, tail, access: accessOf(name, args) };
    const accountId = checkArgs(name, args, [
      ...workerChecks(worker, code),
      ...routeChecks(args),
      ...gatewayChecks(args),
      sizeCheck(args),
    ]);

    this.worker = createWorker(this, name, { ...worker, accountId }, code, { workersDev: usesWorkersDev(args) });
    this.routes = createRoutes(this, name, { ...args, accountId }, this.worker);

    this.url = addressOf(args, this.worker);
    this.registerOutputs({ scriptName: this.worker.script.scriptName, url: this.url });
  }
}

function accessOf(name: string, args: EdgeGatewayArgs) {
  const { origin, rateLimit } = args;
  const limit = rateLimit && { limit: rateLimit.limit, period: periodOf(rateLimit) };
  return {
    CONFIG: bind({ type: 'json', json: pulumi.jsonStringify(configOf(args)) }),
    ...(limit && { LIMIT: bind({ type: 'ratelimit', namespaceId: counterOf(name), simple: limit }) }),
    ...(limit &&
      rateLimit.perAddress !== undefined && {
        LIMIT_ADDRESS: bind({
          type: 'ratelimit',
          namespaceId: counterOf(`${name}-address`),
          simple: { ...limit, limit: rateLimit.perAddress },
        }),
      }),
    ...(typeof origin === 'object' && 'binding' in origin && { ORIGIN: origin }),
  };
}

/** Rate limit counters are identified by a number that is unique in the account. */
function counterOf(name: string): string {
  return String(createHash('sha256').update(derivedName(name)).digest().readUInt32BE(0) || 1);
}

/** The Worker's configuration, in the shape of `GatewayConfig`, with values that may be known only at deployment. */
function configOf(args: EdgeGatewayArgs): { readonly [Key in keyof GatewayConfig]: unknown } {
  const { origin, authorizer, geo = {}, headers = {} } = args;
  return {
    origin: typeof origin === 'object' && 'binding' in origin ? 'https://origin' : origin,
    authorizer: authorizer === 'none' ? undefined : authorizerOf(authorizer),
    cors: args.cors && { ...CORS, ...args.cors },
    public: args.public ?? [],
    experiments: args.experiments ?? {},
    flags: args.flags ?? {},
    geo: { block: geo.block ?? [], allow: geo.allow, origins: geo.origins ?? {} },
    headers: {
      set: Object.fromEntries(Object.entries(headers.set ?? {}).map(([key, value]) => [key.toLowerCase(), value])),
      remove: (headers.remove ?? []).map((key) => key.toLowerCase()),
    },
    limitPeriod: args.rateLimit && periodOf(args.rateLimit),
    cache: args.cache ?? {},
  };
}

const CORS = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  headers: ['authorization', 'content-type'],
  exposedHeaders: [],
  credentials: false,
  maxAge: 3600,
};

function authorizerOf({ algorithms = ALGORITHMS, claims, ...authorizer }: GatewayAuthorizer) {
  const lists = claims && Object.entries(claims).map(([name, values]) => [name, [values].flat()] as const);
  return { ...authorizer, algorithms, claims: lists && Object.fromEntries(lists) };
}

function sizeCheck(args: EdgeGatewayArgs) {
  const config = JSON.stringify(configOf(args), (_key, value: unknown) =>
    pulumi.Output.isInstance(value) ? '' : value,
  );
  return {
    prop: 'experiments',
    value: Buffer.byteLength(config),
    valid: () => Buffer.byteLength(config) <= facts.variableSize.value,
    rule: `and all other settings together must not exceed ${facts.variableSize.value} bytes of JSON`,
    remedy: 'use patterns with * for paths',
  };
}

function periodOf({ period }: NonNullable<EdgeGatewayArgs['rateLimit']>): number {
  return period ?? facts.rateLimitDefaultPeriod.value;
}
