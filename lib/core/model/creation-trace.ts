import { existsSync, readFileSync } from 'node:fs';
import type { SourceLocation } from './model';

/**
 * Where a program made a construct, by the stack trace that CDK recorded: the first line in the program itself, not in
 * a library. Under tsx the trace names positions in the code that it made of the file; where the file has no such
 * position, it is the only line that names the construct.
 * @param trace lines of the stack trace
 * @param construct the construct path
 * @returns undefined if it is not known
 */
export function originIn(trace: unknown, construct: string): SourceLocation | undefined {
  const lines = Array.isArray(trace) ? trace.filter((line) => typeof line === 'string') : [];
  for (const line of lines) {
    const match = /(?:\(|^\s*(?:at )?)(?:file:\/\/)?((?:[A-Za-z]:)?[^():]+):(\d+):(\d+)\)?$/.exec(line);
    if (!match || /node_modules|^node:/.test(match[1]!)) continue;
    const place = { file: match[1]!, line: Number(match[2]), column: Number(match[3]) };
    // An assembly may come from another machine.
    const source = existsSync(place.file) ? linesOf(place.file) : undefined;
    return source === undefined || has(source, place) ? place : mentioned(source, place.file, construct);
  }
  return undefined;
}

const read = new Map<string, readonly string[]>();

function linesOf(file: string): readonly string[] {
  let lines = read.get(file);
  if (!lines) {
    lines = readFileSync(file, 'utf8').split('\n');
    read.set(file, lines);
  }
  return lines;
}

function has(source: readonly string[], { line, column = 1 }: SourceLocation): boolean {
  const text = source[line - 1];
  return text !== undefined && column <= text.length + 1;
}

function mentioned(source: readonly string[], file: string, construct: string): SourceLocation | undefined {
  const ids = construct.split('/').filter((id) => id !== 'Resource' && id !== 'Default');
  const quoted = ["'", '"', '`'].map((quote) => `${quote}${ids.at(-1)}${quote}`);
  const found = source.flatMap((text, at) => {
    const column = Math.max(...quoted.map((one) => text.indexOf(one)));
    return column < 0 ? [] : [{ file, line: at + 1, column: column + 1 }];
  });
  return found.length === 1 ? found[0] : undefined;
}
