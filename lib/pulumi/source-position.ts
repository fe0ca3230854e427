import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceLocation } from '../core/model/model';

/** Components nest deeply, and each adds frames between the resource and the program. */
const FRAMES = 200;

/** This package's folder: its frames are not the program's. */
const HOME = path.resolve(__dirname, '../..');
const OWN = ['lib', 'patterns'].map((folder) => path.join(HOME, folder) + path.sep);

/** Where a resource was created: the stack of its constructor, read once the program has ended. */
export class SourceTrace {
  private readonly trace: { stack?: string } = {};

  /** @param below the function that the constructor calls; frames above it are left out */
  constructor(below: (...args: never[]) => unknown) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = FRAMES;
    Error.captureStackTrace(this.trace, below);
    Error.stackTraceLimit = limit;
  }

  /** The first position in the program itself, mapped to its source if there is a map. */
  position(maps: SourceMaps): SourceLocation | undefined {
    for (const line of (this.trace.stack ?? '').split('\n')) {
      const frame = frameOf(line);
      if (!frame || !isTheirs(frame.file)) continue;
      const source = maps.source(frame);
      if (isTheirs(source.file)) return source;
    }
    return undefined;
  }
}

/** Source maps of compiled files, each read once. Whatever runs the program may have applied them already. */
export class SourceMaps {
  private readonly known = new Map<string, SourceMap | undefined>();

  /** The source position of a position in a compiled file; unchanged if there is no map. */
  source(place: SourceLocation): SourceLocation {
    if (!/\.[mc]?js$/.test(place.file)) return place;
    if (!this.known.has(place.file)) this.known.set(place.file, mapOf(place.file));
    const entry = this.known.get(place.file)?.findEntry(place.line - 1, (place.column ?? 1) - 1);
    if (!entry || !('originalSource' in entry)) return place;
    const file = path.resolve(path.dirname(place.file), localPath(entry.originalSource));
    return existsSync(file) ? { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 } : place;
  }
}

/** A line of a stack: `    at new Shop (/work/shop/index.ts:12:3)`, `    at file:///work/shop/index.mjs:4:1`. */
function frameOf(line: string): SourceLocation | undefined {
  const [, place, row, column] =
    /(?:\(|^\s*at (?:async )?)((?:[A-Za-z]:)?[^():]*(?::\/\/)?[^():]+):(\d+):(\d+)\)?$/.exec(line) ?? [];
  if (place === undefined || place.startsWith('node:')) return undefined;
  return { file: localPath(place), line: Number(row), column: Number(column) };
}

function isTheirs(file: string): boolean {
  return (
    path.isAbsolute(file) && !/[\\/]node_modules[\\/]/.test(file) && !OWN.some((folder) => file.startsWith(folder))
  );
}

function localPath(place: string): string {
  return place.startsWith('file:') ? fileURLToPath(place) : place;
}

/** The source map that a compiled file's last line refers to, inline or next to it. */
function mapOf(file: string): SourceMap | undefined {
  try {
    const [, url] = /\n\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(readFileSync(file, 'utf8')) ?? [];
    if (url === undefined) return undefined;
    const [, inline] = /^data:application\/json[^,]*;base64,(.*)$/.exec(url) ?? [];
    const text =
      inline === undefined
        ? readFileSync(path.resolve(path.dirname(file), url), 'utf8')
        : Buffer.from(inline, 'base64').toString('utf8');
    return new SourceMap(JSON.parse(text) as SourceMapPayload);
  } catch {
    return undefined; // a program runs without its maps as well
  }
}
