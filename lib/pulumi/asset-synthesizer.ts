import * as cdk from 'aws-cdk-lib';
import { ASSET_BUCKET } from './asset-bucket';

/** A file or directory that a template refers to in the asset bucket. */
export interface FileAsset {
  /** The object's key: the hash of the content. */
  readonly key: string;
  /** Its path, relative to the assembly. */
  readonly file: string;
  /** Whether it is a directory, uploaded as a zip file. */
  readonly zip: boolean;
}

/**
 * Leaves assets to the Pulumi program: templates refer to a bucket whose name is a parameter, which
 * CDK passes to nested stacks like any other reference to their parent.
 *
 * This module loads aws-cdk-lib; it is loaded only when a stack is created.
 */
export class AssetSynthesizer extends cdk.StackSynthesizer {
  /** The assets of the stack and its nested stacks, each once. */
  readonly assets = new Map<string, FileAsset>();

  override addFileAsset(asset: cdk.FileAssetSource): cdk.FileAssetLocation {
    if (asset.fileName === undefined) {
      throw new Error(
        `a CdkStack must not have assets created by a command, got '${this.shown(asset)}'; create the file first`,
      );
    }
    const zip = asset.packaging === cdk.FileAssetPackaging.ZIP_DIRECTORY;
    const key = `${asset.sourceHash}${zip ? '.zip' : extension(asset.fileName)}`;
    this.assets.set(key, { key, file: asset.fileName, zip });
    const bucketName = this.bucketName();
    const host = `s3.${this.boundStack.region}.${this.boundStack.urlSuffix}`;
    const httpUrl = `https://${host}/${bucketName}/${key}`;
    return { bucketName, objectKey: key, httpUrl, s3ObjectUrl: `s3://${bucketName}/${key}` };
  }

  override addDockerImageAsset(asset: cdk.DockerImageAssetSource): never {
    const shown = asset.displayName ?? asset.assetName ?? asset.sourceHash;
    throw new Error(
      `a CdkStack must not build Docker images, got '${shown}'; ` +
        'build and push the image in the Pulumi program, and refer to its repository and tag',
    );
  }

  override synthesize(session: cdk.ISynthesisSession): void {
    this.synthesizeTemplate(session);
    this.emitArtifact(session);
  }

  private bucketName(): string {
    const { boundStack: stack } = this;
    const existing = stack.node.tryFindChild(ASSET_BUCKET);
    if (existing instanceof cdk.CfnParameter) return existing.valueAsString;
    return new cdk.CfnParameter(stack, ASSET_BUCKET, {
      description: 'The bucket that holds the assets of this stack',
    }).valueAsString;
  }

  private shown(asset: cdk.FileAssetSource): string {
    return asset.displayName ?? asset.sourceHash;
  }
}

function extension(file: string): string {
  return /\.template\.json$/.test(file) ? '.json' : (/\.[a-z0-9]+$/i.exec(file)?.[0] ?? '');
}
