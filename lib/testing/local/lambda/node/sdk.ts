import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Scopes of the AWS SDK for JavaScript, which Lambda's Node.js runtimes include. */
const SCOPES = ['@aws-sdk', '@smithy'];

/**
 * The AWS SDK packages used in place of those in Lambda's runtime, and where they are: those installed beside this
 * package, then those in the working directory of the run. Never those in the handlers' folders.
 */
export function sdkPackages(): ReadonlyMap<string, string> {
  const folders = [
    ...(createRequire(__filename).resolve.paths('x') ?? []),
    ...(createRequire(path.join(process.cwd(), 'x')).resolve.paths('x') ?? []),
  ];
  const packages = new Map<string, string>();
  for (const folder of folders) {
    for (const scope of SCOPES) {
      for (const name of namesIn(path.join(folder, scope))) {
        const full = `${scope}/${name}`;
        if (!packages.has(full)) packages.set(full, path.join(folder, scope, name));
      }
    }
  }
  return packages;
}

/** What a run says about the SDK; undefined if there is none. */
export function runsWithSdk(packages: ReadonlyMap<string, string>): string | undefined {
  const versions = new Set(
    [...packages].filter(([name]) => name.startsWith('@aws-sdk/client-')).map(([, folder]) => versionOf(folder)),
  );
  if (versions.size === 0) return undefined;
  const sorted = [...versions].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const several = sorted.length > 1 ? ' (the clients are of several versions; those of Lambda are of one)' : '';
  return `AWS SDK for JavaScript ${sorted.join(', ')}${several}`;
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
}

function versionOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
