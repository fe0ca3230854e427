import { readFileSync } from 'node:fs';
import { installedVersion } from './installed';
import { packageFile } from './version';

/** A part of this package that needs packages which not everybody installs. */
export interface Part {
  readonly name: string;
  /** What it cannot do without; the first is of no use without it, so that it tells whether the part is in use. */
  readonly packages: readonly string[];
}

/** The parts, each with what it needs besides Node.js. */
export const PARTS: readonly Part[] = [
  { name: 'lintel/aws', packages: ['aws-cdk-lib', 'constructs', 'esbuild'] },
  { name: 'lintel/edge', packages: ['@pulumi/cloudflare', '@pulumi/pulumi', 'esbuild'] },
  { name: 'lintel/pulumi', packages: ['@pulumi/pulumi'] },
  { name: 'lintel diff', packages: ['@aws-cdk/cloudformation-diff'] },
  { name: 'the local run of Workers', packages: ['miniflare', 'esbuild'] },
  { name: "the packs of 'enforce'", packages: ['cdk-nag'] },
  { name: 'mapping templates of the local run', packages: ['velocityjs'] },
  { name: 'sagas on durable functions', packages: ['@aws/durable-execution-sdk-js'] },
  { name: 'event stores and projections', packages: ['@aws-sdk/client-dynamodb', '@aws-sdk/util-dynamodb'] },
  { name: 'subscribers of events', packages: ['@aws-lambda-powertools/idempotency'] },
  { name: 'validated events', packages: ['ajv', 'ajv-formats'] },
  { name: 'handlers on PostgreSQL', packages: ['pg'] },
  { name: 'handlers on MySQL', packages: ['mysql2'] },
];

/** The versions that this package takes of each package it may need. */
export function peerRanges(): Readonly<Record<string, string>> {
  const { peerDependencies = {} } = JSON.parse(readFileSync(packageFile(), 'utf8')) as {
    peerDependencies?: Record<string, string>;
  };
  return peerDependencies;
}

/** The one command that installs packages in versions that fit. */
export function installCommand(names: readonly string[]): string {
  const ranges = peerRanges();
  const packages = names.map((name) => {
    const range = ranges[name] ?? '*';
    return range === '*' ? name : /^[\d^]/.test(range) ? `${name}@${range}` : `'${name}@${range}'`;
  });
  return `npm install ${packages.join(' ')}`;
}

/**
 * Whether a version is one of a range. Knows the ranges of our own `package.json`: `*`, `>=`, `^` and one version.
 * A version before a release (`2.0.0-beta.1`) counts as the release.
 */
export function fits(version: string, range: string): boolean {
  if (range === '*') return true;
  const [, sign, wanted] = /^(\^|>=)?(.+)$/.exec(range)!;
  const [is, least] = [numbersOf(version), numbersOf(wanted!)];
  if (sign === undefined) return compare(is, least) === 0;
  return compare(is, least) >= 0 && (sign === '>=' || is[0] === least[0]);
}

const numbersOf = (version: string) => version.split('-')[0]!.split('.').map(Number);

function compare(one: readonly number[], other: readonly number[]): number {
  const differs = [0, 1, 2].find((at) => (one[at] ?? 0) !== (other[at] ?? 0));
  return differs === undefined ? 0 : (one[differs] ?? 0) - (other[differs] ?? 0);
}

/**
 * What an error says that a missing package has caused: all packages that the part lacks, and the command that installs them.
 * @returns the error itself where it is another
 */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') return error;
  const [, specifier = ''] = /^Cannot find module '([^']+)'/.exec(error.message) ?? [];
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const part = PARTS.find(({ packages }) => packages.includes(name));
  if (!part || installedVersion(name) !== undefined) return error;
  const missing = part.packages.filter((wanted) => installedVersion(wanted) === undefined);
  const message = `${part.name} needs packages that are not installed: ${missing.join(', ')}; run ${installCommand(missing)}`;
  return new Error(message, { cause: error });
}
