import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';

/** Type of a metadata property. */
export type MetadataType = 'string' | 'number' | 'boolean';

/** How two vectors are compared. */
export type VectorMetric = 'cosine' | 'euclidean' | 'dot-product';

/**
 * A Vectorize index with its metadata indexes, all created before anything that uses its name is deployed: a dynamic resource, since
 * Cloudflare's provider has none. Its provider is the text of `provider.js`. The API token is read during deployment, from the
 * configuration or `CLOUDFLARE_API_TOKEN`, and is not part of the state.
 */
export class VectorIndex extends pulumi.CustomResource {
  /** The name, available once the index exists with its metadata indexes. */
  declare readonly indexName: pulumi.Output<string>;
  /**
   * Properties whose metadata index was created when there were vectors already, with their number: a filter by such a
   * property does not find these until they are written again.
   */
  declare readonly uncovered: pulumi.Output<Readonly<Record<string, number>>>;

  constructor(
    name: string,
    args: {
      readonly accountId: pulumi.Input<string>;
      readonly indexName: pulumi.Input<string>;
      readonly dimensions: number;
      readonly metric: VectorMetric;
      readonly metadata: Readonly<Record<string, MetadataType>>;
      readonly adopt?: boolean;
    },
    opts: pulumi.CustomResourceOptions,
  ) {
    const __provider = readFileSync(require.resolve('./provider.js'), 'utf8');
    super('pulumi-nodejs:dynamic/lintel:VectorIndex', name, { ...args, uncovered: undefined, __provider }, opts);
  }
}
