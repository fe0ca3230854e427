import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');

/** Something that the compiler says. */
export interface CompilerError {
  /** The file as it was named; undefined if it is about the settings. */
  readonly file: string | undefined;
  /** From 0. */
  readonly line: number;
  readonly message: string;
}

/** What TypeScript says of files, which it compiles as one program and as strictly as this package. */
export function compilerErrors(
  files: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): readonly CompilerError[] {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(path.join(root, '.cache/compiler-'));
  try {
    const config = path.join(folder, 'tsconfig.json');
    const compilerOptions = { noEmit: true, incremental: false, tsBuildInfoFile: null, ...options };
    const own = { extends: path.join(root, 'tsconfig.json'), compilerOptions, files, include: [], exclude: [] };
    writeFileSync(config, JSON.stringify(own));
    const script = path.join(__dirname, 'compiler-errors.mjs');
    const said = execFileSync(process.execPath, [script, config, ...files], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    return (JSON.parse(said) as { file?: string; start: number; message: string }[]).map(({ file, start, message }) => {
      const line = file === undefined ? 0 : readFileSync(file, 'utf8').slice(0, start).split('\n').length - 1;
      return { file, line, message };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
