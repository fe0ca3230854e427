import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { FileAssetPackaging, Stack, Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { type BundleRecipe, RECIPE, recorded } from '../core/bundle/recipe';
import type { InstalledModules } from './node-modules/install';

/** A bundle as an asset of the cloud assembly. */
export class StagedCode extends lambda.Code {
  readonly isInline = false;

  /**
   * @param files contents by name
   * @param recipe how the files were created
   * @param modules packages that are not in the bundle
   */
  constructor(
    private readonly files: ReadonlyMap<string, Uint8Array>,
    private readonly recipe: BundleRecipe,
    private readonly modules?: InstalledModules,
  ) {
    super();
  }

  bind(scope: IConstruct): lambda.CodeConfig {
    // For the local run, which rebundles a changed handler without running the app.
    scope.node.addMetadata(RECIPE, recorded(this.recipe));
    const sourceHash = hashOf(this.files, this.modules);
    const stage = Stage.of(scope)!;
    const directory = join(stage.assetOutdir, `asset.${sourceHash}`);
    if (!existsSync(directory)) {
      const files = [...this.files].map(([name, contents]) => [join(directory, name), contents] as const);
      for (const folder of new Set(files.map(([file]) => dirname(file)))) mkdirSync(folder, { recursive: true });
      for (const [file, contents] of files) writeFileSync(file, contents);
      if (this.modules !== undefined) cpSync(this.modules.folder, join(directory, 'node_modules'), { recursive: true });
    }
    const { bucketName, objectKey } = Stack.of(scope).synthesizer.addFileAsset({
      sourceHash,
      fileName: relative(stage.outdir, directory),
      packaging: FileAssetPackaging.ZIP_DIRECTORY,
      deployTime: true,
      displayName: `${scope.node.path} code`,
    });
    return { s3Location: { bucketName, objectKey } };
  }
}

function hashOf(files: ReadonlyMap<string, Uint8Array>, modules: InstalledModules | undefined): string {
  const hash = createHash('sha256');
  for (const [name, contents] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0`).update(contents);
  return hash.update(modules?.hash ?? '').digest('hex');
}
