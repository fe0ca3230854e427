import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Check } from '../core/check/check';
import { cloudflare as facts } from '../core/facts';

/** The rows of the validation table for a directory of static files. */
export function staticFileChecks(prop: string, directory: string): Check[] {
  const exists = existsSync(directory) && statSync(directory).isDirectory();
  const files = exists
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [];
  const large = files.filter((file) => statSync(file).size > facts.assetSize.value);
  return [
    {
      prop,
      value: directory,
      valid: () => files.length > 0,
      rule: 'must be a directory with files',
      remedy: 'build the site first',
    },
    {
      prop,
      value: files.length,
      valid: () => files.length <= facts.assetFiles.value,
      rule: `must have at most ${facts.assetFiles.value} files`,
      remedy: 'keep the rest in an EdgeBucket',
    },
    ...large.map((file) => ({
      prop,
      value: path.relative(directory, file),
      valid: () => false,
      rule: `must have files of at most ${facts.assetSize.value} bytes`,
      remedy: 'keep it in an EdgeBucket',
    })),
  ];
}
