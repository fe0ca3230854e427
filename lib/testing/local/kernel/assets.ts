import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { LocalRunError } from './errors';
import { isRecord, parseJson, recordOf, text } from './json';
import { unzip } from './unzip';

/** The file assets of a cloud assembly, by the key under which they would be uploaded. */
export class Assets {
  private readonly sources = new Map<string, string>();
  private readonly replaced = new Map<string, string>();

  /**
   * @param directory the cloud assembly, nested ones included
   * @param scratch gives a directory for what has to be unpacked
   */
  constructor(
    directory: string,
    private readonly scratch: (name: string) => string,
  ) {
    for (const file of manifestsIn(directory)) this.read(file);
  }

  /**
   * The directory that holds an asset's files; a zip file is unpacked first.
   * @param owner whose asset it is, for the message
   * @throws LocalRunError when the asset is not in the assembly
   */
  directory(key: string, owner: string): string {
    const source = this.place(key, owner);
    return statSync(source).isDirectory() ? source : this.unpack(key, source, owner);
  }

  /**
   * Where an asset is: a directory or a zip file.
   * @throws LocalRunError when it is not in the assembly
   */
  place(key: string, owner: string): string {
    const source = this.sources.get(key);
    if (source === undefined) {
      throw new LocalRunError(
        `the code of '${owner}' is not an asset of the cloud assembly: S3 key '${key}'; use Code.fromAsset or inline code`,
      );
    }
    if (!existsSync(source)) {
      throw new LocalRunError(
        `the asset of '${owner}' is missing: '${source}'; synthesize again and keep the output directory`,
      );
    }
    return source;
  }

  /** Moves a function's code to another directory. @param id of the resource */
  replace(id: string, directory: string): void {
    this.replaced.set(id, directory);
  }

  /** Where a function's code is, if not where the template says. */
  replacementOf(id: string): string | undefined {
    return this.replaced.get(id);
  }

  /**
   * The directory that holds code beside a template; an archive is unpacked first, and any other file is the only one in it,
   * as `sam package` does it.
   * @throws LocalRunError when it is not there
   */
  beside(source: string, owner: string): string {
    this.checkBeside(source, owner);
    if (statSync(source).isDirectory()) return source;
    if (isZip(source)) return this.unpack(source, source, owner);
    // A single file is packaged alone.
    const directory = this.scratch(source.replace(/[^\w.-]/g, '_'));
    copyFileSync(source, path.join(directory, path.basename(source)));
    return directory;
  }

  /** @throws LocalRunError when the path beside a template does not exist */
  checkBeside(source: string, owner: string): void {
    if (existsSync(source)) return;
    throw new LocalRunError(`the code of '${owner}' is missing: '${source}'; build it first, as with 'sam build'`);
  }

  private unpack(key: string, archive: string, owner: string): string {
    const directory = this.scratch(key.replace(/[^\w.-]/g, '_'));
    if (readdirSync(directory).length > 0) return directory;
    try {
      unzip(readFileSync(archive), directory);
    } catch (error) {
      throw new LocalRunError(`the asset of '${owner}' is not a zip file: '${archive}' (${String(error)})`);
    }
    return directory;
  }

  private read(file: string): void {
    const manifest = parseJson(readFileSync(file, 'utf8'));
    for (const asset of Object.values(recordOf(recordOf(manifest).files)).filter(isRecord)) {
      const source = text(recordOf(asset.source).path);
      for (const destination of Object.values(recordOf(asset.destinations))) {
        const key = text(recordOf(destination).objectKey);
        if (source !== undefined && key !== undefined) {
          this.sources.set(key, path.resolve(path.dirname(file), source));
        }
      }
    }
  }
}

/** Whether a file starts like an archive, or is meant to be one. */
function isZip(file: string): boolean {
  return /\.(zip|jar)$/i.test(file) || readFileSync(file).subarray(0, 2).toString() === 'PK';
}

function manifestsIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory() && entry.name.startsWith('assembly-')) return manifestsIn(file);
    return entry.isFile() && entry.name.endsWith('.assets.json') ? [file] : [];
  });
}
