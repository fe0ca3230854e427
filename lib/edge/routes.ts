import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import type { AccountArgs } from './check-args';
import { claimHostname } from './hostnames';
import { isPreview, workersDevName } from './preview';
import type { Worker } from './worker';

/** A hostname served by a Worker; Cloudflare creates the DNS record and the certificate. */
export interface EdgeDomain {
  /** The hostname: `api.example.com`. */
  readonly hostname: pulumi.Input<string>;
  /** The zone that contains it. */
  readonly zoneId: pulumi.Input<string>;
}

/** A part of a zone's traffic served by a Worker, in front of whatever exists there. */
export interface EdgeRoute {
  /** The pattern: `example.com/api/*`. @see https://developers.cloudflare.com/workers/configuration/routing/routes/ */
  readonly pattern: string;
  /** The zone. */
  readonly zoneId: pulumi.Input<string>;
}

/** Where a Worker answers requests. */
export interface RouteArgs {
  /**
   * A custom hostname.
   * @default - none
   */
  readonly domain?: EdgeDomain;
  /**
   * Routes of zones.
   * @default - none
   */
  readonly routes?: readonly EdgeRoute[];
  /**
   * Whether it answers on workers.dev. A Worker behind a gateway should not: with `false` only other Workers can call it.
   * @default - true without 'domain' and 'routes', since it would have no address; otherwise false
   */
  readonly workersDev?: boolean;
}

/** What routes requests to a Worker. */
export interface Routes {
  /** The hostname, if given. */
  readonly domain?: cloudflare.WorkersCustomDomain;
  /** Routes by pattern. */
  readonly byPattern: Readonly<Record<string, cloudflare.WorkersRoute>>;
}

/** Whether the Worker answers on workers.dev. A preview has no other address, since domains and routes are production's. */
export function usesWorkersDev({ workersDev, domain, routes = [] }: RouteArgs): boolean {
  const isElsewhere = domain !== undefined || routes.length > 0;
  return isElsewhere && isPreview() ? true : (workersDev ?? !isElsewhere);
}

/** The URL of a Worker if known: its domain's, or the one on workers.dev. */
export function addressOf(args: RouteArgs, { script }: Worker): pulumi.Output<string> | undefined {
  if (args.domain && !isPreview()) return pulumi.interpolate`https://${args.domain.hostname}`;
  const account = workersDevName();
  if (account === undefined || !usesWorkersDev(args)) return undefined;
  return pulumi.interpolate`https://${script.scriptName}.${account}.workers.dev`;
}

/** A hostname or pattern as the suffix of a resource name. */
export function asName(text: string): string {
  return text.replace(/\W+/g, '-');
}

/** Texts whose suffix clashes with an earlier one's. */
export function alike(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => {
    const before = texts.slice(0, index).filter((other) => asName(other) === asName(text));
    return before.length > 0 && !before.includes(text);
  });
}

/** Checks of domain and routes. */
export function routeChecks({ domain, routes = [] }: RouteArgs): Check[] {
  return [
    {
      prop: 'domain.hostname',
      value: domain?.hostname,
      valid: () =>
        domain === undefined || /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(String(domain.hostname)),
      rule: 'must be a hostname without scheme and path',
      remedy: "set 'api.example.com', for instance; paths go into 'routes'",
    },
    ...routes.map(({ pattern }, index) => ({
      prop: 'routes',
      value: pattern,
      valid: () =>
        /^(https?:\/\/)?(\*\.?)?([a-z0-9-]+\.)+[a-z]{2,}(\/[^?*]*\*?)?$/i.test(pattern) &&
        routes.findIndex((other) => other.pattern === pattern) === index,
      rule: 'must be distinct patterns of hostname and path, with * only at the start of the hostname and the end of the path',
      remedy: "set 'example.com/api/*', for instance",
    })),
    ...alike(routes.map(({ pattern }) => pattern)).map((pattern) => ({
      prop: 'routes',
      value: pattern,
      valid: () => false,
      rule: 'must be patterns that differ in letters or digits, which their resources are named after',
      remedy: 'merge both with a *, or give one to another Worker',
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
