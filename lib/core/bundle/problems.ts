import { relative, resolve } from 'node:path';
import type { Message } from 'esbuild';

/**
 * A problem as editors and compilers write it: file, line and column, each counted from one, and what is wrong. The file is
 * relative to the working directory.
 * @param project the directory that esbuild's paths are relative to
 */
export function inWords({ text, location }: Pick<Message, 'text' | 'location'>, project: string): string {
  if (!location) return text;
  return `${relative(process.cwd(), resolve(project, location.file))}:${location.line}:${location.column + 1}: ${text}`;
}
