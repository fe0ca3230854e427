import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import type { AccountArgs } from './check-args';
import { claimHostname } from './hostnames';
import { isPreview, workersDevName } from './preview';
import type { Worker } from './worker';

/** A hostname that a Worker answers for; Cloudflare makes the DNS record and the certificate. */
export interface EdgeDomain {
  /** The hostname: `api.example.com`. */
  readonly hostname: pulumi.Input<string>;
  /** The zone that it lies in. */
  readonly zoneId: pulumi.Input<string>;
}

/** A part of a zone's traffic that a Worker answers, in front of what is there already. */
export interface EdgeRoute {
  /** The pattern: `example.com/api/*`. @see https://developers.cloudflare.com/workers/configuration/routing/routes/ */
  readonly pattern: string;
  /** The zone. */
  readonly zoneId: pulumi.Input<string>;
}

/** Where a Worker answers requests. */
export interface RouteArgs {
  /**
   * A hostname of its own.
   * @default - none
   */
  readonly domain?: EdgeDomain;
  /**
   * Routes of zones.
   * @default - none
   */
  readonly routes?: readonly EdgeRoute[];
  /**
   * Whether it answers on workers.dev. A Worker behind a gateway does not: `false` leaves it to other Workers alone.
   * @default - true without 'domain' and 'routes', since it would have no address; false with them
   */
  readonly workersDev?: boolean;
}

/** What sends requests to a Worker. */
export interface Routes {
  /** The hostname, where one is given. */
  readonly domain?: cloudflare.WorkersCustomDomain;
  /** The routes, by their patterns. */
  readonly byPattern: Readonly<Record<string, cloudflare.WorkersRoute>>;
}

/** Whether the Worker answers on workers.dev. A preview has no other address, since domains and routes are production's. */
export function usesWorkersDev({ workersDev, domain, routes = [] }: RouteArgs): boolean {
  const isElsewhere = domain !== undefined || routes.length > 0;
  return isElsewhere && isPreview() ? true : (workersDev ?? !isElsewhere);
}

/** The address of a Worker where it is known: its domain's, or the one on workers.dev. */
export function addressOf(args: RouteArgs, { script }: Worker): pulumi.Output<string> | undefined {
  if (args.domain && !isPreview()) return pulumi.interpolate`https://${args.domain.hostname}`;
  const account = workersDevName();
  if (account === undefined || !usesWorkersDev(args)) return undefined;
  return pulumi.interpolate`https://${script.scriptName}.${account}.workers.dev`;
}

/** The end of the name of a resource that is made for a hostname or pattern. */
export function asName(text: string): string {
  return text.replace(/\W+/g, '-');
}

/** Texts of which another one before has the same name. */
export function alike(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => {
    const before = texts.slice(0, index).filter((other) => asName(other) === asName(text));
    return before.length > 0 && !before.includes(text);
  });
}

/** The rows of the validation table for domain and routes. */
export function routeChecks({ domain, routes = [] }: RouteArgs): Check[] {
  return [
    {
      prop: 'domain.hostname',
      value: domain?.hostname,
      valid: () =>
        domain === undefined || /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(String(domain.hostname)),
      rule: 'must be a hostname without scheme and path',
      remedy: "set for instance 'api.example.com'; paths are for 'routes'",
    },
    ...routes.map(({ pattern }, index) => ({
      prop: 'routes',
      value: pattern,
      valid: () =>
        /^(https?:\/\/)?(\*\.?)?([a-z0-9-]+\.)+[a-z]{2,}(\/[^?*]*\*?)?$/i.test(pattern) &&
        routes.findIndex((other) => other.pattern === pattern) === index,
      rule: 'must hold patterns of hostname and path, each once, with * only at the start of the one and the end of the other',
      remedy: "set for instance 'example.com/api/*'",
    })),
    ...alike(routes.map(({ pattern }) => pattern)).map((pattern) => ({
      prop: 'routes',
      value: pattern,
      valid: () => false,
      rule: 'must hold patterns that differ in letters or digits: their resources are named by them',
      remedy: 'put both together by a *, or give one to another Worker',
    })),
  ];
}

/**
 * Sends requests to a Worker; in a preview domain and routes stay where they are.
 * @param parent the component; its children are `<name>-domain` and `<name>-route-<pattern>`
 */
export function createRoutes(
  parent: pulumi.ComponentResource,
  name: string,
  args: RouteArgs & Required<AccountArgs>,
  { script }: Worker,
): Routes {
  const { accountId, domain, routes = [] } = isPreview() ? { accountId: args.accountId } : args;
  if (domain) claimHostname(name, domain.hostname);
  return {
    domain:
      domain &&
      new cloudflare.WorkersCustomDomain(
        `${name}-domain`,
        { accountId, hostname: domain.hostname, zoneId: domain.zoneId, service: script.scriptName },
        { parent },
      ),
    byPattern: Object.fromEntries(
      routes.map(({ pattern, zoneId }) => [
        pattern,
        new cloudflare.WorkersRoute(
          `${name}-route-${asName(pattern)}`,
          { zoneId, pattern, script: script.scriptName },
          { parent },
        ),
      ]),
    ),
  };
}
