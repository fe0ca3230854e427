import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The part of an assets configuration that the engine reads from files. */
export interface AssetRules {
  /** Content of a `_headers` file. */
  readonly headers?: string;
  /** Content of a `_redirects` file. */
  readonly redirects?: string;
}

/** Directories of static files as the engine reads them. */
export interface LocalAssets {
  /** The directory for the engine, with only the rules of the program's graph. */
  directoryFor(directory: string, rules: AssetRules): string;
  /** Called once the engine has read the rules. */
  publish(): void;
  remove(): Promise<void>;
}

/**
 * The engine takes rules from files in the directory and hides these files; a deployment takes them from the configuration
 * and publishes every file. So the engine gets a copy with the configuration's rules in those files, whose own content
 * is restored after it has read them.
 */
export function localAssets(): LocalAssets {
  const copies: string[] = [];
  const published: { readonly file: string; readonly content: Buffer }[] = [];
  return {
    directoryFor(directory, { headers, redirects }) {
      const rules = Object.entries({ _headers: headers, _redirects: redirects });
      const own = [...rules.map(([name]) => name), IGNORE].filter((name) => existsSync(path.join(directory, name)));
      if (own.length === 0 && headers === undefined && redirects === undefined) return directory;
      const copy = mkdtempSync(path.join(tmpdir(), 'lintel-assets-'));
      copies.push(copy);
      cpSync(directory, copy, { recursive: true });
      for (const name of own) {
        const content = readFileSync(path.join(directory, name));
        published.push({ file: path.join(copy, name), content });
      }
      for (const [name, content] of rules) {
        if (content !== undefined || own.includes(name)) writeFileSync(path.join(copy, name), content ?? '');
      }
      writeFileSync(path.join(copy, IGNORE), own.map((name) => `!/${name}\n`).join(''));
      return copy;
    },
    publish() {
      for (const { file, content } of published) writeFileSync(file, content);
    },
    async remove() {
      for (const copy of copies) rmSync(copy, { recursive: true, force: true });
    },
  };
}

const IGNORE = '.assetsignore';
