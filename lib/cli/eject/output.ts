import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ReadError } from '../../core/model/read-error';

/** The folder for the files of an ejection, written all at once, and never over existing ones. */
export class Output {
  private readonly texts = new Map<string, string>();
  private readonly copies = new Map<string, string>();
  private readonly folders = new Map<string, string>();

  constructor(readonly folder: string) {}

  /** Keeps a text for a file. */
  put(file: string, text: string): void {
    this.texts.set(file, text);
  }

  /** Keeps a file, or a folder with all that is in it, to be copied. */
  copy(from: string, to: string): void {
    if (!statSync(from).isDirectory()) this.copies.set(to, from);
    else for (const name of readdirSync(from)) this.copy(path.join(from, name), path.join(to, name));
  }

  /** A folder for the files of one function: names that differ only in special characters get separate ones. */
  folderOf(fn: string): string {
    const name = path.join(this.folder, 'files', fn.replace(/[^\w-]+/g, '-'));
    let free = name;
    for (let count = 2; (this.folders.get(free) ?? fn) !== fn; count += 1) free = `${name}-${count}`;
    this.folders.set(free, fn);
    return free;
  }

  /**
   * Writes what was kept. An existing file with the same content counts as written.
   * @throws ReadError when a file exists with other content; nothing is written then
   */
  write(): void {
    if (existsSync(this.folder) && !statSync(this.folder).isDirectory())
      throw new ReadError(this.folder, 'is not a folder', 'choose another one');
    const contents = [
      ...[...this.texts].map(([file, text]) => [file, () => Buffer.from(text)] as const),
      ...[...this.copies].map(([file, from]) => [file, () => readFileSync(from)] as const),
    ];
    const others = contents
      .filter(
        ([file, content]) => existsSync(file) && !(statSync(file).isFile() && readFileSync(file).equals(content())),
      )
      .map(([file]) => path.relative(this.folder, file));
    if (others.length > 0)
      throw new ReadError(
        this.folder,
        `has another ${others.sort().join(', ')} already, and nothing was written`,
        'choose another folder, or move what is there',
      );
    for (const [file] of contents) mkdirSync(path.dirname(file), { recursive: true });
    for (const [file, text] of this.texts) writeFileSync(file, text);
    for (const [file, from] of this.copies) copyFileSync(from, file);
  }
}
