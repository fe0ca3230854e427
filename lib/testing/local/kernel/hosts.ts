import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Deployed } from './deployment';

/** A server of this run that functions know by the name that it has on AWS. */
export interface HostRoute {
  /** As the templates give it: `orders.proxy-abc.eu-west-1.rds.amazonaws.com`. */
  readonly host: string;
  /** On AWS. */
  readonly port: number;
  /** On 127.0.0.1. */
  readonly localPort: number;
  /** Why nothing gets there from a function; undefined where it does. */
  readonly closed: (fn: Deployed) => string | undefined;
}

/** A route as a process of a function has it. */
export interface FunctionRoute extends Pick<HostRoute, 'host' | 'port' | 'localPort'> {
  /** Why nothing gets there. */
  readonly closed?: string;
}

/** Which certificates a server of this run has: of a public authority, as Node.js trusts it, or of RDS, as it does not. */
export type Authority = 'public' | 'rds';

/** The servers of a run that functions find by the names that they have on AWS, and whose certificates are to be trusted. */
export class Hosts {
  private readonly routes: HostRoute[] = [];
  private readonly roots: { readonly authority: Authority; readonly cert: string }[] = [];
  private written: { readonly extra: string; readonly runtime: string } | undefined;

  /** @param scratch a directory of the run, by its name */
  constructor(private readonly scratch: (name: string) => string) {}

  /** A server, as soon as it listens. */
  add(route: HostRoute): void {
    this.routes.push(route);
  }

  /** A root of this run's own, in PEM; before any process of a function is started. */
  trust(authority: Authority, cert: string): void {
    this.roots.push({ authority, cert });
  }

  /** The ways of a function. */
  routesOf(fn: Deployed): readonly FunctionRoute[] {
    return this.routes.map(({ host, port, localPort, closed }) => {
      const reason = closed(fn);
      return { host, port, localPort, ...(reason !== undefined && { closed: reason }) };
    });
  }

  /** The servers that have a name. */
  get names(): readonly string[] {
    return [...new Set(this.routes.map(({ host }) => host))];
  }

  /** What Node.js trusts beside its own, as a file: the public authority of this run. */
  get extraRoots(): string | undefined {
    return this.files?.extra;
  }

  /** The directory that stands for `/var/runtime`: with `ca-cert.pem`, the roots that Lambda brings and does not load. */
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
