import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Lambda's platform, in npm's terms. */
export interface Platform {
  /** `linux`. */
  readonly os: 'linux';
  readonly cpu: 'arm64' | 'x64';
  /** The C library of Amazon Linux. */
  readonly libc: 'glibc';
}

/** A package in `package-lock.json`. */
interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

type Packages = Readonly<Record<string, Locked>>;

/** What to install for some packages, with all their dependencies, at the project's versions. */
export interface LockedPart {
  /** The part of the lock file for these. */
  readonly packages: Packages;
  /** Version ranges of the requested packages. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** The directory of the lock file. */
  readonly directory: string;
}

/** Why the part cannot be determined. */
export interface Unlocked {
  /** The rule, starting with its verb. */
  readonly rule: string;
  readonly remedy: string;
}

const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json'];
const OTHERS = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'];

/** The part of the project's lock file that some packages need on a platform. */
export function lockedPart(names: readonly string[], project: string, platform: Platform): LockedPart | Unlocked {
  const file = lockFileOf(project);
  if (file === undefined) return unlocked('by package-lock.json, and there is none');
  if (!LOCKS.some((name) => file.endsWith(name)))
    return unlocked(`by package-lock.json, the only one that can be read in part, and there is '${shown(file)}'`);
  const all = packagesOf(file);
  if (all === undefined) return unlocked(`by a package-lock.json of npm 7 or later, which '${shown(file)}' is not`);
  const own = relative(dirname(file), project).replaceAll('\\', '/');
  const found = new Map<string, Locked>();
  const missing = new Set<string>();
  // npm also expects entries for what it skips: packages for other platforms, and their dependencies.
  const visit = (name: string, from: string, need: 'needed' | 'optional' | 'unused') => {
    const place = placeOf(name, from, all);
    const locked = place === undefined ? undefined : all[place];
    if (place === undefined || locked === undefined || locked.link === true) {
      if (need === 'needed' || (need === 'optional' && isFor(name, platform))) missing.add(name);
      return;
    }
    if (found.has(place)) return;
    found.set(place, locked);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies } = locked;
    const used = need !== 'unused' && suits(locked, platform);
    for (const dependency of Object.keys(dependencies))
      if (!(dependency in optionalDependencies)) visit(dependency, place, used ? 'needed' : 'unused');
    for (const optional of Object.keys({ ...optionalDependencies, ...peerDependencies }))
      visit(optional, place, used ? 'optional' : 'unused');
  };
  for (const name of names) visit(name, own, 'needed');
  if (missing.size > 0)
    return {
      rule: `must be locked by '${shown(file)}' for ${platform.os} on ${platform.cpu} (${[...missing].join(', ')} ${missing.size === 1 ? 'is' : 'are'} not)`,
      remedy: `run npm install --os=${platform.os} --cpu=${platform.cpu} --libc=${platform.libc} --package-lock-only there`,
    };
  const places = [...found].map(([place, locked]) => [inRoot(place, own), absolute(locked, dirname(file))] as const);
  return {
    packages: Object.fromEntries(places.sort(([a], [b]) => (a < b ? -1 : 1))),
    dependencies: Object.fromEntries(
      names.map((name) => [name, specOf(absolute(all[placeOf(name, own, all)!]!, dirname(file)))]),
    ),
    directory: dirname(file),
  };
}

function unlocked(how: string): Unlocked {
  return {
    rule: `must be locked ${how}`,
    remedy: "lock the project with npm, or leave the package in 'bundling.external' and bring it in a layer",
  };
}

function shown(file: string): string {
  return relative(process.cwd(), file);
}

/** The nearest lock file of any package manager. */
function lockFileOf(directory: string): string | undefined {
  const found = [...LOCKS, ...OTHERS].map((name) => join(directory, name)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  return directory === dirname(directory) ? undefined : lockFileOf(dirname(directory));
}

function packagesOf(file: string): Packages | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { packages?: Packages }).packages;
  } catch {
    return undefined;
  }
}

/** Where Node.js resolves a package from a place: the nearest. */
function placeOf(name: string, from: string, packages: Packages): string | undefined {
  const place = [from, 'node_modules', name].filter(Boolean).join('/');
  if (place in packages) return place;
  if (from === '') return undefined;
  return placeOf(name, from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '', packages);
}

/** A workspace package is moved to the root of the function's installation. */
function inRoot(place: string, own: string): string {
  return own !== '' && place.startsWith(`${own}/`) ? place.slice(own.length + 1) : place;
}

function absolute(locked: Locked, directory: string): Locked {
  const { resolved } = locked;
  return resolved?.startsWith('file:') === true
    ? { ...locked, resolved: `file:${resolve(directory, resolved.slice('file:'.length))}` }
    : locked;
}

function specOf({ name, version = '*', resolved = '' }: Locked): string {
  if (resolved !== '' && !resolved.startsWith('http')) return resolved;
  return name === undefined ? version : `npm:${name}@${version}`;
}

/** Whether a package may be installed on a platform at all. */
function suits({ os, cpu, libc }: Locked, platform: Platform): boolean {
  const allows = (list: readonly string[] | undefined, value: string) =>
    list === undefined ||
    list.length === 0 ||
    ((list.includes(value) || list.some((one) => one.startsWith('!'))) && !list.includes(`!${value}`));
  return allows(os, platform.os) && allows(cpu, platform.cpu) && allows(libc, platform.libc);
}

/** Whether an optional package is, by its name, the binary for the platform: npm omits those of other platforms from some lock files. */
function isFor(name: string, { os, cpu }: Platform): boolean {
  return name.includes(os) && name.includes(cpu) && !name.includes('musl');
}
