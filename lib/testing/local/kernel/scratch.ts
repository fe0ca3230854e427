import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isOwned, own, ownerOf } from './owner';

const PREFIX = 'lintel-run-';
/** A directory is owned as soon as it is made. */
const OWNED_AFTER_MS = 60_000;

/** Directories of one run, created on demand and removed at its end. */
export class Scratch {
  private root: string | undefined;

  /** A directory by its name. */
  directory(name: string): string {
    this.root ??= newRoot();
    const directory = path.join(this.root, name);
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  remove(): void {
    if (this.root !== undefined) rmSync(this.root, { recursive: true, force: true });
  }
}

function newRoot(): string {
  removeOrphans();
  const root = mkdtempSync(path.join(tmpdir(), PREFIX));
  own(root);
  return root;
}

/** Removes the directories that killed runs left behind. */
function removeOrphans(): void {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(PREFIX))) {
    const root = path.join(tmpdir(), name);
    if (ownerOf(root)?.alive === false || isNobodys(root)) rmSync(root, { recursive: true, force: true });
  }
}

/** Left by a run killed before it recorded its ownership, or recreated by a late write. */
function isNobodys(root: string): boolean {
  try {
    const { uid, mtimeMs } = lstatSync(root);
    return uid === process.getuid?.() && Date.now() - mtimeMs > OWNED_AFTER_MS && !isOwned(root);
  } catch {
    // Another run has removed it.
    return false;
  }
}
