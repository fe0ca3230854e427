import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Deployed } from './deployment';

/** A server of this run that functions reach by its AWS host name. */
export interface HostRoute {
  /** As the templates give it: `orders.proxy-abc.eu-west-1.rds.amazonaws.com`. */
  readonly host: string;
  /** On AWS. */
  readonly port: number;
  /** On 127.0.0.1. */
  readonly localPort: number;
  /** Why a function cannot reach it; undefined if it can. */
  readonly closed: (fn: Deployed) => string | undefined;
}

/** A route as a function's process gets it. */
export interface FunctionRoute extends Pick<HostRoute, 'host' | 'port' | 'localPort'> {
  /** Why it cannot be reached. */
  readonly closed?: string;
}

/** A host of AWS whose requests over HTTPS go to a server of this run over HTTP. */
export interface LocalEndpoint {
  /** `a1b2c3.execute-api.eu-west-1.amazonaws.com`. */
  readonly host: string;
  /** On 127.0.0.1. */
  readonly localPort: number;
}

/** Who issues a server's certificate: a public authority, which Node.js trusts, or RDS, which it does not. */
export type Authority = 'public' | 'rds';

/** The servers of a run that functions reach by their AWS host names, and the authorities to trust. */
export class Hosts {
  private readonly routes: HostRoute[] = [];
  private readonly roots: { readonly authority: Authority; readonly cert: string }[] = [];
  /** Hosts whose requests go to servers of this run. */
  readonly endpoints: LocalEndpoint[] = [];
  private written: { readonly extra: string; readonly runtime: string } | undefined;

  /** @param scratch a directory of the run, by its name */
  constructor(private readonly scratch: (name: string) => string) {}

  /** Adds a server, as soon as it listens. */
  add(route: HostRoute): void {
    this.routes.push(route);
  }

  /** Adds an endpoint, as soon as its server listens. */
  addEndpoint(endpoint: LocalEndpoint): void {
    this.endpoints.push(endpoint);
  }

  /** Trusts a root certificate of this run, in PEM; call it before any function's process starts. */
  trust(authority: Authority, cert: string): void {
    this.roots.push({ authority, cert });
  }

  /** The routes of a function. */
  routesOf(fn: Deployed): readonly FunctionRoute[] {
    return this.routes.map(({ host, port, localPort, closed }) => {
      const reason = closed(fn);
      return { host, port, localPort, ...(reason !== undefined && { closed: reason }) };
    });
  }

  /** The host names of the servers. */
  get names(): readonly string[] {
    return [...new Set(this.routes.map(({ host }) => host))];
  }

  /**
   * The file of roots that a function's Node.js trusts besides its own: this run's public authority, if it reaches a
   * server. For any such file, Node.js 20 reads all of its own roots when it starts, which takes as long as the rest.
   */
  extraRootsOf(fn: Deployed): string | undefined {
    const isKnown = this.roots.some(({ authority }) => authority === 'public');
    return isKnown && this.routes.some(({ closed }) => closed(fn) === undefined) ? this.files?.extra : undefined;
  }

  /** The directory in place of `/var/runtime`, with `ca-cert.pem`: roots that Lambda ships but does not load. */
  get runtime(): string | undefined {
    return this.files?.runtime;
  }

  private get files(): typeof this.written {
    if (this.roots.length === 0) return undefined;
    this.written ??= this.write();
    return this.written;
  }

  private write(): NonNullable<typeof this.written> {
    const runtime = this.scratch('runtime');
    const extra = path.join(this.scratch('trust'), 'public.pem');
    const publicOnes = this.roots.filter(({ authority }) => authority === 'public');
    writeFileSync(extra, publicOnes.map(({ cert }) => cert).join(''));
    writeFileSync(path.join(runtime, 'ca-cert.pem'), this.roots.map(({ cert }) => cert).join(''));
    return { extra, runtime };
  }
}
