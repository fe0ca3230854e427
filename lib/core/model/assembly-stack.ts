import path from 'node:path';
import { isRecord, type JsonObject, recordOf } from '../record';
import { AssemblyMetadata } from './assembly-metadata';
import { filesBeside } from './beside';
import type { Origin } from './cloudformation';
import { type ParsedText, parseText } from './document';
import { readJsonObject, readText } from './files';
import { fileIn, type Inside } from './inside-assembly';
import { fromMetadata, type TemplateSource } from './link';
import { orFailure, ReadError } from './read-error';
import type { Annotation } from './template-resource';
import { within } from './within';

const BESIDE_RESOURCES = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Rules',
  'Transform',
];

/** CDK omits `Resources` from an empty stack, such as a new one. */
function withResources(text: ParsedText): ParsedText {
  if (!isRecord(text.data) || !Object.keys(text.data).every((name) => BESIDE_RESOURCES.includes(name))) return text;
  return { ...text, data: { ...text.data, Resources: {} } };
}

/** One stack of an assembly, with the nested stacks below it. */
export class AssemblyStack {
  readonly metadata: AssemblyMetadata;
  readonly constructPath: string;
  private readonly properties: JsonObject;

  constructor(
    private readonly inside: Inside,
    readonly id: string,
    private readonly artifact: JsonObject,
    private readonly artifacts: JsonObject,
  ) {
    this.properties = recordOf(artifact.properties);
    const { displayName, additionalMetadataFile } = artifact;
    this.constructPath = typeof displayName === 'string' ? displayName.replace(/ \(.*\)$/, '') : id;
    this.metadata = new AssemblyMetadata(
      {
        ...recordOf(artifact.metadata),
        ...(typeof additionalMetadataFile === 'string' ? readJsonObject(fileIn(inside, additionalMetadataFile)) : {}),
      },
      this.constructPath,
    );
  }

  /**
   * The template of the stack, then those of its nested stacks.
   * @param failures receives the nested ones that cannot be read
   */
  sources(name: string, failures: ReadError[]): TemplateSource[] {
    const file = this.properties.templateFile;
    if (typeof file !== 'string') {
      throw new ReadError(
        path.join(this.inside.directory, 'manifest.json'),
        `names no template of '${this.id}'`,
        'synthesize again',
      );
    }
    return this.withNested(fileIn(this.inside, file), { name, path: this.constructPath }, { files: [], failures });
  }

  private withNested(
    full: string,
    place: Pick<Origin, 'name' | 'path' | 'parent'>,
    above: { readonly files: readonly string[]; readonly failures: ReadError[] },
  ): TemplateSource[] {
    const text = withResources(parseText(readText(full), full));
    const source: TemplateSource = {
      origin: {
        ...place,
        file: full,
        shown: full,
        environment: this.environment(),
        tags: this.tags(),
        ...(!place.parent && { stackName: String(this.properties.stackName ?? this.id) }),
      },
      text,
      files: filesBeside(this.inside.root, path.dirname(full)),
      annotation: (logicalId, metadata) => this.annotation(place.path, logicalId, metadata),
    };
    const resources = isRecord(text.data) ? recordOf(text.data.Resources) : {};
    const nested = Object.entries(resources).flatMap(([logicalId, resource]) => {
      if (!isRecord(resource) || resource.Type !== 'AWS::CloudFormation::Stack') return [];
      const found = this.nestedTemplate(place.path, logicalId, resource);
      const files = [...above.files, full];
      if (!found || files.includes(found.file)) return [];
      const id = found.path?.slice((place.path?.length ?? -1) + 1) ?? logicalId;
      const parent = { template: place.name, resource: `${place.name}/${logicalId}` };
      return orFailure(above.failures, () =>
        this.withNested(found.file, { name: `${place.name}/${id}`, path: found.path, parent }, { ...above, files }),
      );
    });
    return [source, ...nested];
  }

  /** Nested stacks inherit their parent's. */
  private tags(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(recordOf(this.properties.tags)).map(([key, value]) => [key, String(value)]),
    );
  }

  /** File and construct path of a nested stack's template; undefined if it is not part of the assembly. */
  private nestedTemplate(
    parent: string | undefined,
    logicalId: string,
    resource: JsonObject,
  ): { file: string; path?: string } | undefined {
    const metadata = recordOf(resource.Metadata);
    // Nest.NestedStack/Nest.NestedStackResource is a sibling of the construct Nest with the resources.
    const resourcePath = this.annotation(parent, logicalId, metadata).path;
    const stackPath = resourcePath?.replace(/\.NestedStack\/[^/]*$/, '');
    const asset = metadata['aws:asset:path'];
    const hash = /[0-9a-f]{64}/.exec(JSON.stringify(recordOf(resource.Properties).TemplateURL ?? ''))?.[0];
    const candidates = [
      typeof asset === 'string' ? asset : undefined,
      hash === undefined ? undefined : (this.assetFile(hash) ?? this.metadata.assets.get(hash)),
      stackPath === undefined ? undefined : this.metadata.templateFiles.get(stackPath),
    ];
    const file = candidates
      .filter((name) => name !== undefined)
      .map((name) => within(this.inside.root, this.inside.directory, name))
      .find((named) => typeof named !== 'string')?.file;
    return file === undefined ? undefined : { file, path: stackPath };
  }

  private assetFile(hash: string): string | undefined {
    for (const content of Object.values(this.artifacts)) {
      if (!isRecord(content) || content.type !== 'cdk:asset-manifest') continue;
      const manifest = within(this.inside.root, this.inside.directory, String(recordOf(content.properties).file));
      if (typeof manifest === 'string') continue;
      const files = recordOf(readJsonObject(manifest.file).files);
      const source = recordOf(recordOf(files[hash]).source).path;
      if (typeof source === 'string') return source;
    }
    return undefined;
  }

  private annotation(stackPath: string | undefined, logicalId: string, metadata: JsonObject): Annotation {
    const noted = stackPath === undefined ? {} : this.metadata.annotation(stackPath, logicalId);
    const { path: written } = fromMetadata(logicalId, metadata);
    return written === undefined || written === noted.path ? noted : { ...noted, path: written };
  }

  private environment(): { account?: string; region?: string } | undefined {
    const match = /^aws:\/\/([^/]+)\/(.+)$/.exec(String(this.artifact.environment ?? ''));
    if (!match) return undefined;
    const [, account, region] = match;
    return {
      ...(account === 'unknown-account' ? {} : { account }),
      ...(region === 'unknown-region' ? {} : { region }),
    };
  }
}
