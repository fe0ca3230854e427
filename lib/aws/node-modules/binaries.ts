import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isFile } from '../../core/bundle/entry';
import type { Platform } from './lock-file';

/** Machine type in an ELF header, bytes 18 and 19. */
const PROCESSORS: Readonly<Record<number, string>> = { 0x3e: 'x64', 0xb7: 'arm64' };

/**
 * Packages without a native module for a platform: they would fail at run time. Packages with binaries
 * for several platforms choose theirs when loaded.
 */
export function binariesForOthers(folder: string, { cpu }: Platform): readonly string[] {
  const platforms = new Map<string, Set<string>>();
  for (const file of nativeModules(folder)) {
    const owner = packageOf(relative(folder, file).replaceAll('\\', '/'));
    platforms.set(owner, (platforms.get(owner) ?? new Set()).add(platformOf(file)));
  }
  return [...platforms]
    .filter(([, found]) => !found.has(`linux-${cpu}`))
    .map(([owner, found]) => `${owner} is for ${[...found].join(', ')}`);
}

function platformOf(file: string): string {
  const header = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  if (header.toString('latin1', 0, 4) !== '\x7fELF') return 'another system';
  return `linux-${PROCESSORS[header.readUInt16LE(18)] ?? 'another processor'}`;
}

function nativeModules(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.node') && isFile(file));
}

/** The innermost package that a path is in. */
function packageOf(path: string): string {
  const [start, ...rest] = (path.split('/node_modules/').at(-1) ?? path).split('/');
  return start?.startsWith('@') === true ? `${start}/${rest[0]}` : (start ?? path);
}
