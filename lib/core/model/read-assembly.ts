import { existsSync } from 'node:fs';
import path from 'node:path';
import { AssemblyMetadata } from './assembly-metadata';
import { type Annotation, type Origin } from './cloudformation';
import { type ParsedText, parseText } from './document';
import { readJsonObject, readText } from './files';
import { type Raw } from './intrinsics';
import { fromMetadata, link, type TemplateSource } from './link';
import { type Acknowledgement, type Model } from './model';
import { ReadError } from './read-error';

/**
 * Reads a CDK cloud assembly: every stack of every stage, nested stacks at any depth, what was acknowledged, construct
 * paths and the places in the program where it notes them.
 * @throws ReadError when the directory is not an assembly, holds no stack, or a template cannot be read
 */
export function readAssembly(directory: string): Model {
  const sources: TemplateSource[] = [];
  const acknowledgements: Acknowledgement[] = [];
  const names = new Set<string>();
  for (const stack of stacksIn(directory)) {
    // Two stages may call a stack the same; their construct paths differ.
    const name = names.has(stack.id) ? stack.constructPath : stack.id;
    names.add(name);
    sources.push(...stack.sources(name));
    acknowledgements.push(...stack.metadata.acknowledgements);
  }
  if (sources.length === 0) {
    throw new ReadError(directory, 'is an assembly without stacks', 'synthesize an app that has at least one');
  }
  return link(sources, distinct([...acknowledgements, ...acknowledgedAbove(directory)]));
}

/**
 * What was acknowledged on the app or a stage, which the metadata of stacks does not have: the platform's own report
 * names what it suppressed.
 */
function acknowledgedAbove(directory: string): Acknowledgement[] {
  const file = path.join(directory, 'validation-report.json');
  if (!existsSync(file)) return [];
  return listAt(readJsonObject(file), 'pluginReports')
    .flatMap((report) => listAt(report, 'suppressedViolations'))
    .filter(({ acknowledgedId }) => typeof acknowledgedId === 'string')
    .map(({ acknowledgedId, reason = '', acknowledgedAt = '' }) => ({
      id: String(acknowledgedId),
      reason: String(reason),
      path: String(acknowledgedAt),
    }));
}

function distinct(acknowledgements: readonly Acknowledgement[]): Acknowledgement[] {
  return [...new Map(acknowledgements.map((one) => [`${one.path} ${one.id}`, one])).values()];
}

function stacksIn(directory: string): AssemblyStack[] {
  const manifest = readJsonObject(path.join(directory, 'manifest.json'));
  const artifacts = objectAt(manifest, 'artifacts');
  return Object.entries(artifacts).flatMap(([id, content]) => {
    const artifact = isRaw(content) ? content : {};
    const properties = objectAt(artifact, 'properties');
    if (artifact['type'] === 'cdk:cloud-assembly') {
      return stacksIn(path.join(directory, String(properties['directoryName'])));
    }
    return artifact['type'] === 'aws:cloudformation:stack'
      ? [new AssemblyStack(directory, id, artifact, artifacts)]
      : [];
  });
}

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

/** CDK leaves `Resources` out of a stack that has none, such as one that a program has just begun. */
function withResources(text: ParsedText): ParsedText {
  if (!isRaw(text.data) || !Object.keys(text.data).every((name) => BESIDE_RESOURCES.includes(name))) return text;
  return { ...text, data: { ...text.data, Resources: {} } };
}

/** One stack of an assembly, with the nested stacks below it. */
class AssemblyStack {
  readonly metadata: AssemblyMetadata;
  readonly constructPath: string;
  private readonly properties: Raw;

  constructor(
    private readonly directory: string,
    readonly id: string,
    private readonly artifact: Raw,
    private readonly artifacts: Raw,
  ) {
    this.properties = objectAt(artifact, 'properties');
    const { displayName, additionalMetadataFile } = artifact;
    this.constructPath = typeof displayName === 'string' ? displayName.replace(/ \(.*\)$/, '') : id;
    this.metadata = new AssemblyMetadata(
      {
        ...objectAt(artifact, 'metadata'),
        ...(typeof additionalMetadataFile === 'string'
          ? readJsonObject(path.join(directory, additionalMetadataFile))
          : {}),
      },
      this.constructPath,
    );
  }

  /** The template of the stack, then those of its nested stacks. */
  sources(name: string): TemplateSource[] {
    const file = this.properties['templateFile'];
    if (typeof file !== 'string') {
      throw new ReadError(
        path.join(this.directory, 'manifest.json'),
        `names no template of '${this.id}'`,
        'synthesize again',
      );
    }
    return this.withNested(file, { name, path: this.constructPath });
  }

  private withNested(file: string, place: Pick<Origin, 'name' | 'path' | 'parent'>): TemplateSource[] {
    const full = path.join(this.directory, file);
    const text = withResources(parseText(readText(full), full));
    const source: TemplateSource = {
      origin: { ...place, file: full, shown: full, environment: this.environment() },
      text,
      stackName: place.parent ? undefined : String(this.properties['stackName'] ?? this.id),
      annotation: (logicalId, metadata) => this.annotation(place.path, logicalId, metadata),
    };
    const resources = isRaw(text.data) ? objectAt(text.data, 'Resources') : {};
    const nested = Object.entries(resources).flatMap(([logicalId, resource]) => {
      if (!isRaw(resource) || resource['Type'] !== 'AWS::CloudFormation::Stack') return [];
      const found = this.nestedTemplate(place.path, logicalId, resource);
      if (!found) return [];
      const id = found.path?.slice((place.path?.length ?? -1) + 1) ?? logicalId;
      return this.withNested(found.file, {
        name: `${place.name}/${id}`,
        path: found.path,
        parent: { template: place.name, resource: `${place.name}/${logicalId}` },
      });
    });
    return [source, ...nested];
  }

  /** File and construct path of a nested stack's template; undefined where it is not part of the assembly. */
  private nestedTemplate(
    parent: string | undefined,
    logicalId: string,
    resource: Raw,
  ): { file: string; path?: string } | undefined {
    const metadata = objectAt(resource, 'Metadata');
    // Nest.NestedStack/Nest.NestedStackResource stands beside the construct Nest that holds the resources.
    const resourcePath = this.annotation(parent, logicalId, metadata).path;
    const stackPath = resourcePath?.replace(/\.NestedStack\/[^/]*$/, '');
    const asset = metadata['aws:asset:path'];
    const hash = /[0-9a-f]{64}/.exec(JSON.stringify(objectAt(resource, 'Properties')['TemplateURL'] ?? ''))?.[0];
    const candidates = [
      typeof asset === 'string' ? asset : undefined,
      hash === undefined ? undefined : (this.assetFile(hash) ?? this.metadata.assets.get(hash)),
      stackPath === undefined ? undefined : this.metadata.templateFiles.get(stackPath),
    ];
    const file = candidates.find((name) => name !== undefined && existsSync(path.join(this.directory, name)));
    return file === undefined ? undefined : { file, path: stackPath };
  }

  private assetFile(hash: string): string | undefined {
    for (const content of Object.values(this.artifacts)) {
      if (!isRaw(content) || content['type'] !== 'cdk:asset-manifest') continue;
      const file = String(objectAt(content, 'properties')['file']);
      if (!existsSync(path.join(this.directory, file))) continue;
      const files = objectAt(readJsonObject(path.join(this.directory, file)), 'files');
      const source = objectAt(objectAt(files, hash), 'source')['path'];
      if (typeof source === 'string') return source;
    }
    return undefined;
  }

  private annotation(stackPath: string | undefined, logicalId: string, metadata: Raw): Annotation {
    const noted = stackPath === undefined ? {} : this.metadata.annotation(stackPath, logicalId);
    const { path: written } = fromMetadata(logicalId, metadata);
    return written === undefined || written === noted.path ? noted : { ...noted, path: written };
  }

  private environment(): { account?: string; region?: string } | undefined {
    const match = /^aws:\/\/([^/]+)\/(.+)$/.exec(String(this.artifact['environment'] ?? ''));
    if (!match) return undefined;
    const [, account, region] = match;
    return {
      ...(account === 'unknown-account' ? {} : { account }),
      ...(region === 'unknown-region' ? {} : { region }),
    };
  }
}

function objectAt(value: Raw, name: string): Raw {
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  return isRaw(found) ? found : {};
}

function listAt(value: Raw, name: string): Raw[] {
  const found = value[name];
  return Array.isArray(found) ? found.filter(isRaw) : [];
}

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
