import { header, type HttpRequest, type HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { message } from './answers';
import type { DomainMapping } from './api-request';

/** An API that custom domains map to. */
export interface DomainTarget {
  /** Answers a request to a domain. */
  answer(http: HttpRequest, mapping?: DomainMapping): Promise<HttpResponse>;
}

interface Mapping extends DomainMapping {
  readonly api: string;
}

const DOMAINS = ['AWS::ApiGateway::DomainName', 'AWS::ApiGatewayV2::DomainName'];

const registries = new WeakMap<LocalContext, CustomDomains>();

/** The custom domains of a run: HTTP and REST APIs may share one. */
export function customDomains(context: LocalContext): CustomDomains {
  const known = registries.get(context) ?? new CustomDomains(context);
  registries.set(context, known);
  return known;
}

/**
 * Custom domains by `Host`, each with its base paths: `api.example.com`, and `api.example.com.localhost`, which needs
 * no / DNS. Every API port serves every domain.
 */
export class CustomDomains {
  private readonly targets = new Map<string, DomainTarget>();
  private readonly mappings = new Map<string, Mapping[]>();
  private readonly mutual: ReadonlySet<string>;

  /** @param context of the run */
  constructor({ deployment }: LocalContext) {
    const withTls = deployment
      .ofType(...DOMAINS)
      .filter(({ properties }) => isRecord(properties.MutualTlsAuthentication));
    this.mutual = new Set(withTls.map(nameOf));
    for (const domain of deployment.ofType(...DOMAINS)) this.mappings.set(nameOf(domain), []);
    const nameFor = (given: string | undefined) =>
      deployment
        .ofType(...DOMAINS)
        .filter((one) => one.ref === given || nameOf(one) === given?.toLowerCase())
        .map(nameOf)[0];
    for (const { properties } of deployment.ofType('AWS::ApiGateway::BasePathMapping')) {
      const base = { basePath: text(properties.BasePath), stage: text(properties.Stage) };
      this.add(nameFor(text(properties.DomainName)), text(properties.RestApiId), base);
    }
    for (const { properties } of deployment.ofType('AWS::ApiGatewayV2::ApiMapping')) {
      const base = { basePath: text(properties.ApiMappingKey), stage: text(properties.Stage) };
      this.add(nameFor(text(properties.DomainName)), text(properties.ApiId), base);
    }
  }

  /** The host names of the ports themselves. */
  get hosts(): readonly string[] {
    return [...this.mappings.keys()];
  }

  /** Settings of an API's domains that the local run ignores. */
  notKept(apiRef: string): readonly string[] {
    return [...this.mappings]
      .filter(([name, all]) => this.mutual.has(name) && all.some(({ api }) => api === apiRef))
      .map(([name]) => `client certificates are not required for '${name}' here: calls without one succeed`);
  }

  /** Makes an API reachable by the domains that map to it. */
  serve(apiRef: string, target: DomainTarget): void {
    this.targets.set(apiRef, target);
  }

  /** Answers a request to a custom domain; undefined for one to another host. */
  answer(http: HttpRequest): Promise<HttpResponse> | undefined {
    const host = (header(http, 'host') ?? '').replace(/:\d+$/, '').toLowerCase();
    const domain = [host, host.replace(/\.localhost$/, '')].find((one) => this.mappings.has(one));
    if (domain === undefined) return undefined;
    const mapping = (this.mappings.get(domain) ?? [])
      .filter(({ basePath }) => basePath === '' || `${http.path}/`.startsWith(`/${basePath}/`))
      .sort((a, b) => b.basePath.length - a.basePath.length)[0];
    const target = mapping && this.targets.get(mapping.api);
    if (!target) return Promise.resolve(message(403, 'Forbidden'));
    return target.answer(http, { ...mapping, domain });
  }

  private add(
    domain: string | undefined,
    api: string | undefined,
    { basePath = '', stage }: { readonly basePath: string | undefined; readonly stage: string | undefined },
  ): void {
    if (domain === undefined || api === undefined) return;
    const path = basePath === '(none)' ? '' : basePath;
    this.mappings.get(domain)?.push({ api, domain, basePath: path, stage });
  }
}

function nameOf({ properties, ref }: Deployed): string {
  return (text(properties.DomainName) ?? ref).toLowerCase();
}
