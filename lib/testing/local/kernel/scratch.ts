import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Directories of one run, made when they are asked for and removed at its end. */
export class Scratch {
  private root: string | undefined;

  /** A directory by its name. */
  directory(name: string): string {
    this.root ??= mkdtempSync(path.join(tmpdir(), 'lintel-run-'));
    const directory = path.join(this.root, name);
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  /** Removes them all. */
  remove(): void {
    if (this.root !== undefined) rmSync(this.root, { recursive: true, force: true });
  }
}
