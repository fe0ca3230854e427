import path from 'node:path';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../core/check/check';
import { bundle } from '../bundle';
import type { AccountArgs } from '../check-args';
import { claimHostname } from '../hostnames';
import { isPreview } from '../preview';
import { alike, asName, type EdgeDomain } from '../routes';
import { createWorker, type Worker } from '../worker';

/** Further hostnames of a site. */
export interface SiteDomainArgs {
  /**
   * Further hostnames that serve the site like its own: names in the zone of `domain`, or with their own zone.
   * @default - none
   */
  readonly aliases?: readonly (string | EdgeDomain)[];
  /**
   * Hostnames that redirect permanently to the same path of `domain`: `['www.example.com']`. A separate Worker answers there (301, or
   * 308 for requests with a body), since `_redirects` does not support hosts and a zone has a single list of redirect rules. Browsers
   * revalidate after an hour.
   * @default - none
   */
  readonly redirectFrom?: readonly (string | EdgeDomain)[];
}

/** A site's further hostnames. */
export interface SiteDomains {
  /** Hostnames that serve the site besides its own. */
  readonly aliases: Readonly<Record<string, cloudflare.WorkersCustomDomain>>;
  /** Redirects to the site. */
  readonly redirect?: SiteRedirect;
}

const HOSTNAME = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;

/** Checks of hostnames. */
export function siteDomainChecks(
  domain: EdgeDomain | undefined,
  { aliases = [], redirectFrom = [] }: SiteDomainArgs,
): Check[] {
  const own = domain === undefined ? [] : [domain.hostname];
  const all = [...own, ...aliases.map(hostnameOf), ...redirectFrom.map(hostnameOf)].map(lower);
  const rows = (prop: keyof SiteDomainArgs, hosts: readonly (string | EdgeDomain)[]) =>
    hosts.map(hostnameOf).flatMap((hostname): Check[] => [
      {
        prop,
        value: hostname,
        valid: () => HOSTNAME.test(String(hostname)),
        rule: 'must be hostnames without scheme and path',
        remedy: "set 'www.example.com', for instance",
      },
      {
        prop,
        ...shown(hostname),
        valid: () => all.filter((other) => other === lower(hostname)).length < 2,
        rule:
          prop === 'redirectFrom'
            ? "must be distinct hostnames other than 'domain' and 'aliases': a redirect to itself never ends"
            : "must be distinct hostnames other than 'domain'",
        remedy: 'remove one of them',
      },
      {
        prop,
        ...shown(hostname),
        valid: () => domain !== undefined,
        rule: "must come with a 'domain'",
        remedy: "set the site's own hostname as 'domain'",
      },
    ]);
  return [...rows('aliases', aliases), ...rows('redirectFrom', redirectFrom), ...nameChecks({ aliases, redirectFrom })];
}

/** Checks of the names of the resources created for hostnames. */
function nameChecks(hosts: Required<SiteDomainArgs>): Check[] {
  return Object.entries(hosts).flatMap(([prop, all]) =>
    alike(all.map(hostnameOf).flatMap((host) => (typeof host === 'string' ? host.toLowerCase() : []))).map((value) => ({
      prop,
      value,
      valid: () => false,
      rule: 'must be hostnames that differ in letters or digits, which their resources are named after',
      remedy: "give one to a site of its own, or move it between 'aliases' and 'redirectFrom'",
    })),
  );
}

/** A value known only at deployment is checked too, but not shown. */
function shown(hostname: pulumi.Input<string>): Pick<Check, 'value' | 'sensitive'> {
  return typeof hostname === 'string' ? { value: hostname } : { value: undefined, sensitive: true };
}

/** A value known only at deployment equals only itself. */
function lower(hostname: pulumi.Input<string>): unknown {
  return typeof hostname === 'string' ? hostname.toLowerCase() : hostname;
}

function hostnameOf(host: string | EdgeDomain): pulumi.Input<string> {
  return typeof host === 'string' ? host : host.hostname;
}

/** A hostname with its zone, by default the site's. */
function inZone(domain: EdgeDomain): (host: string | EdgeDomain) => EdgeDomain {
  return (host) => (typeof host === 'string' ? { hostname: host, zoneId: domain.zoneId } : host);
}

/**
 * Connects the further hostnames to a site; not in a preview, where they stay where they are.
 * @param parent the site; its children are `<name>-alias-<hostname>` and `<name>-redirect`
 */
export function createDomains(
  parent: pulumi.ComponentResource,
  name: string,
  args: SiteDomainArgs & { readonly domain?: EdgeDomain } & Required<AccountArgs>,
  { script }: Worker,
): SiteDomains {
  const { accountId, domain, aliases = [], redirectFrom = [] } = args;
  if (domain === undefined || isPreview()) return { aliases: {} };
  const answered = { accountId, hostnames: aliases.map(inZone(domain)), service: script.scriptName };
  const led = { accountId, to: domain.hostname, from: redirectFrom.map(inZone(domain)) };
  return {
    aliases: customDomains(parent, `${name}-alias`, answered),
    redirect: led.from.length === 0 ? undefined : new SiteRedirect(`${name}-redirect`, led, { parent }),
  };
}

interface RedirectArgs extends Required<AccountArgs> {
  readonly to: pulumi.Input<string>;
  readonly from: readonly EdgeDomain[];
}

/** A Worker that redirects some hostnames to another, keeping the path. */
export class SiteRedirect extends pulumi.ComponentResource {
  /** The Worker. */
  readonly worker: Worker;
  /** The hostnames, which are part of its children's names: `<name>-<hostname>`. */
  readonly domains: Readonly<Record<string, cloudflare.WorkersCustomDomain>>;

  constructor(name: string, { accountId, to, from }: RedirectArgs, opts: pulumi.ComponentResourceOptions) {
    super('lintel:edge:SiteRedirect', name, {}, opts);
    const handler = path.relative(process.cwd(), path.join(__dirname, '../workers/site/redirect.ts'));
    this.worker = createWorker(this, name, { accountId, handler, environment: { TO: to } }, bundle(name, handler));
    const service = this.worker.script.scriptName;
    this.domains = customDomains(this, name, { accountId, hostnames: from, service });
    this.registerOutputs({ scriptName: service });
  }
}

interface CustomDomainsArgs extends Required<AccountArgs> {
  readonly hostnames: readonly EdgeDomain[];
  readonly service: pulumi.Input<string>;
}

function customDomains(
  parent: pulumi.ComponentResource,
  name: string,
  { accountId, hostnames, service }: CustomDomainsArgs,
): Readonly<Record<string, cloudflare.WorkersCustomDomain>> {
  const made = hostnames.map(({ hostname, zoneId }, index) => {
    claimHostname(name, hostname);
    const called = typeof hostname === 'string' ? hostname.toLowerCase() : String(index);
    const domain = new cloudflare.WorkersCustomDomain(
      `${name}-${asName(called)}`,
      { accountId, hostname, zoneId, service },
      { parent },
    );
    return [called, domain] as const;
  });
  return Object.fromEntries(made);
}
