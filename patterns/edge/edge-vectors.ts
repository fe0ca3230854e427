import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { filled, flag, input, known, number, oneOf, record } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';
import { vectorize as facts, within, workersAi } from '../../lib/core/facts';
import type { Capability } from '../../lib/edge/capability';
import { type AccountArgs, checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { claimOwnName } from '../../lib/edge/claims';
import { physicalName } from '../../lib/edge/physical-name';
import { isProtected, optionsHere } from '../../lib/edge/preview';
import { type MetadataType, VectorIndex, type VectorMetric } from '../../lib/edge/vectorize/vector-index';
import { ACCOUNT } from '../../lib/edge/worker-shape';

/** Arguments of an `EdgeVectors`. */
export interface EdgeVectorsArgs extends AccountArgs {
  /**
   * The model that makes the vectors: `ai.models.EMBEDDING` of an `EdgeAi`. It determines their dimensions.
   * @default - set by `dimensions`
   */
  readonly model?: string;
  /**
   * Dimensions of the vectors, from 1 to 1,536. They cannot be changed: a new number means a new, empty index.
   * @default - those of `model`
   */
  readonly dimensions?: number;
  /**
   * How vectors are compared. It cannot be changed either.
   * @default 'cosine', which ignores their lengths
   * @see https://developers.cloudflare.com/vectorize/best-practices/create-indexes/#distance-metrics
   */
  readonly metric?: VectorMetric;
  /**
   * Metadata properties that queries filter by, at most 10, with their types: `{ tenant: 'string' }`, and `a.b` for a nested one.
   * A filter by any other property finds nothing. A property added later covers only vectors written from then
   * on: `index.uncovered` counts the rest.
   * @default - none
   * @see https://developers.cloudflare.com/vectorize/reference/metadata-filtering/
   */
  readonly metadata?: Readonly<Record<string, MetadataType>>;
  /**
   * Whether to take over an existing index of this name, with its vectors. `metadata` must list all of its metadata
   * indexes: one that is deleted and recreated does not cover the vectors written before.
   * @default false: an existing index is refused, since it may belong to someone else
   */
  readonly adopt?: boolean;
  /**
   * The index's name, unique in the account, of at most 64 lower-case letters, digits and dashes.
   * @default - from project, stack and the component's name
   */
  readonly indexName?: pulumi.Input<string>;
}

/**
 * Vectors to search: a Vectorize index, protected against deletion and replacement (`protect: false` in the resource options
 * lifts that). Writes become searchable some seconds later. Metadata indexes are created before a Worker can write.
 *
 * @example
 * const docs = new EdgeVectors('docs', { model: '@cf/baai/bge-base-en-v1.5', metadata: { tenant: 'string' } });
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { DOCS: docs.read() } });
 * @see https://developers.cloudflare.com/vectorize/
 */
export class EdgeVectors extends pulumi.ComponentResource {
  /** The index. */
  readonly index: VectorIndex;

  /** @throws InputPropertiesError when the model and the dimensions contradict each other, or exceed a limit */
  constructor(name: string, args: EdgeVectorsArgs, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeVectors', name, {}, optionsHere(opts));
    checkShape(name, args, SHAPE, NAMES);
    const accountId = checkArgs(name, args, checks(args));

    const { value, ignoreChanges } = physicalName(args.indexName, name, 'indexName');
    claimOwnName(name, 'index', 'indexName', { value, ignoreChanges, accountId });
    this.index = new VectorIndex(
      `${name}-index`,
      {
        accountId,
        indexName: value,
        dimensions: args.dimensions ?? dimensionsOf(args.model)!,
        metric: args.metric ?? 'cosine',
        metadata: { ...args.metadata },
        adopt: args.adopt,
      },
      { parent: this, protect: isProtected(opts), ignoreChanges },
    );
    this.registerOutputs({ indexName: this.index.indexName });
  }

  /** Searching, and reading vectors by their ids. A Worker's binding cannot be restricted to it; a `ScopedToken` is. */
  read(): Capability {
    return this.capability('Vectorize Read');
  }

  /** Writing and deleting vectors. A Worker's binding cannot be restricted to it. */
  write(): Capability {
    return this.capability('Vectorize Write');
  }

  /** Searching, writing and deleting. */
  readWrite(): Capability {
    return this.capability('Vectorize Write');
  }

  private capability(group: string): Capability {
    return { binding: { type: 'vectorize', indexName: this.index.indexName }, permissions: [{ group }] };
  }
}

const SHAPE: Shape<EdgeVectorsArgs> = {
  ...ACCOUNT,
  model: known(filled('@cf/baai/bge-base-en-v1.5')),
  dimensions: known(number),
  metric: known(oneOf('cosine', 'euclidean', 'dot-product')),
  metadata: record(oneOf('string', 'number', 'boolean'), "{ tenant: 'string' }"),
  adopt: flag,
  indexName: input(filled('docs')),
};

/** Names from elsewhere, and what says the same here. */
const NAMES = {
  name: "write 'indexName'",
  preset: "write 'model'",
  metadataIndexes: "write 'metadata': { tenant: 'string' }",
};

/** Dimensions of a model's vectors, if known. */
function dimensionsOf(model: string | undefined): number | undefined {
  return workersAi.embeddingModels.value[model ?? '']?.dimensions;
}

function checks({ model, dimensions, metadata = {}, indexName }: EdgeVectorsArgs = {}): Check[] {
  const { min, max } = facts.dimensions.value;
  const made = dimensionsOf(model);
  const count = dimensions ?? made;
  const properties = Object.keys(metadata);
  return [
    {
      prop: 'dimensions',
      value: dimensions,
      valid: () => count !== undefined || model !== undefined,
      rule: "must be given without a 'model'",
      remedy: "the model's page states them",
    },
    {
      prop: 'model',
      value: model,
      valid: () => count !== undefined || model === undefined,
      rule: "must be a model whose dimensions are known here, unless 'dimensions' is given",
      remedy: "give 'dimensions' too: the model's page states them",
    },
    {
      prop: 'dimensions',
      value: dimensions,
      valid: () => dimensions === undefined || made === undefined || dimensions === made,
      rule: `must be those of '${model}', ${made}: the index refuses its vectors otherwise`,
      remedy: "leave 'dimensions' out",
    },
    {
      prop: dimensions === undefined ? 'model' : 'dimensions',
      value: dimensions ?? model,
      valid: () => count === undefined || (Number.isInteger(count) && within({ min, max }, count)),
      rule: `must ${dimensions === undefined ? 'make vectors of' : 'be a whole number from'} ${min} to ${max}${dimensions === undefined ? ` dimensions, not of ${made}` : ''}`,
      remedy: 'choose a model with fewer dimensions',
    },
    {
      prop: 'metadata',
      value: properties.length,
      valid: () => properties.length <= facts.metadataIndexes.value,
      rule: `must have at most ${facts.metadataIndexes.value} properties`,
      remedy: 'keep those that queries filter by; a namespace needs none',
    },
    ...properties.map((property) => ({
      prop: `metadata.${property}`,
      value: property,
      valid: () =>
        property.length <= facts.filterKey.value && property.split('.').every((key) => /^[^$"|][^"|]*$/.test(key)),
      rule: `must be a name of at most ${facts.filterKey.value} characters, without quotes or bars, that does not start with '$'`,
      remedy: 'rename it, and in the written metadata too',
    })),
    {
      prop: 'indexName',
      value: indexName,
      valid: () => indexName === undefined || isIndexName(String(indexName)),
      rule: `must be at most ${facts.nameSize.value} lower-case letters, digits and dashes`,
      remedy: 'rename it',
    },
  ];
}

function isIndexName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text) && text.length <= facts.nameSize.value;
}
