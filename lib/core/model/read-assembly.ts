import { existsSync } from 'node:fs';
import path from 'node:path';
import { AssemblyMetadata } from './assembly-metadata';
import { filesBeside } from './beside';
import type { Origin } from './cloudformation';
import type { Annotation } from './template-resource';
import type { Decisions } from './decided';
import { type ParsedText, parseText } from './document';
import { type Held, noteAbsent, noting, readJsonObject, readText, unchanged } from './files';
import { fromMetadata, link, type TemplateSource } from './link';
import type { Acknowledgement, Model } from './model';
import { orFailure, ReadError } from './read-error';
import { within } from './within';
import { isRecord, type JsonObject } from '../record';

/**
 * Reads a CDK cloud assembly: every stack of every stage, nested stacks at any depth, acknowledgements, construct paths
 * and source locations, if recorded. Nothing outside the directory is read, whatever the assembly names. A stack that
 * cannot be read is among the model's failures.
 * @param decisions what a deployment decides; everything is open without it
 * @throws ReadError when the directory is not an assembly, holds no stack, or none that can be read
 */
export function readAssembly(directory: string, decisions?: Decisions): Model {
  const sources: TemplateSource[] = [];
  const acknowledgements: Acknowledgement[] = [];
  const failures: ReadError[] = [];
  const names = new Set<string>();
  const read = (stack: AssemblyStack): readonly TemplateSource[] => {
    // Stacks of two stages may share a name; their construct paths differ.
    const name = names.has(stack.id) ? stack.constructPath : stack.id;
    names.add(name);
    acknowledgements.push(...stack.metadata.acknowledgements);
    return stack.sources(name, failures);
  };
  eachStack({ directory, root: directory }, (open) => {
    for (const source of orFailure(failures, () => read(open()))) sources.push(source);
  });
  if (sources.length === 0) {
    throw (
      failures[0] ??
      new ReadError(directory, 'is an assembly without stacks', 'synthesize an app that has at least one')
    );
  }
  return link(sources, {
    acknowledgements: distinct([...acknowledgements, ...acknowledgedAbove(directory)]),
    failures,
    ...(decisions && { decisions }),
  });
}

let last: { readonly directory: string; readonly held: Held; readonly model: Model } | undefined;

/**
 * Like `readAssembly`, but cached: an app is judged once per stage. The last model is reused while all its files are
 * unchanged.
 * @throws ReadError as `readAssembly` does
 */
export function readAssemblyAgain(directory: string): Model {
  // A relative one depends on the working directory.
  const key = `${directory}\n${path.resolve(directory)}`;
  if (last?.directory === key && unchanged(last.held)) return last.model;
  const { made, held } = noting(() => readAssembly(directory));
  last = { directory: key, held, model: made };
  return made;
}

/**
 * Acknowledgements on the app or a stage, which stack metadata lacks: the platform's own report lists what it
 * suppressed.
 */
function acknowledgedAbove(directory: string): Acknowledgement[] {
  const file = path.join(directory, 'validation-report.json');
  if (!existsSync(file)) {
    noteAbsent(file);
    return [];
  }
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

/** A directory of an assembly, with the outermost one that contains everything. */
interface Inside {
  readonly directory: string;
  readonly root: string;
}

function eachStack(inside: Inside, visit: (open: () => AssemblyStack) => void): void {
  const manifest = readJsonObject(path.join(inside.directory, 'manifest.json'));
  const artifacts = objectAt(manifest, 'artifacts');
  for (const [id, content] of Object.entries(artifacts)) {
    const artifact = isRecord(content) ? content : {};
    if (artifact.type === 'cdk:cloud-assembly') {
      const name = String(objectAt(artifact, 'properties').directoryName);
      visitBelow(inside, name, visit);
    } else if (artifact.type === 'aws:cloudformation:stack') {
      visit(() => new AssemblyStack(inside, id, artifact, artifacts));
    }
  }
}

/** A stage. An unreadable one is reported like an unreadable stack. */
function visitBelow(inside: Inside, name: string, visit: (open: () => AssemblyStack) => void): void {
  try {
    // Only below this one, so that two cannot refer to each other.
    const directory = fileIn({ ...inside, root: inside.directory }, name);
    if (path.relative(inside.directory, directory) === '') throw notInside(inside, name, 'outside');
    eachStack({ ...inside, directory }, visit);
  } catch (error) {
    visit(() => {
      throw error;
    });
  }
}

const WHY = {
  missing: 'not there',
  outside: 'outside of the assembly and was not read',
  endless: 'a pipe or a device',
} as const;

/**
 * A file that the assembly names.
 * @throws ReadError when it is not there, or outside of the assembly
 */
function fileIn(inside: Inside, name: string): string {
  const named = within(inside.root, inside.directory, name);
  if (typeof named === 'string') throw notInside(inside, name, named);
  return named.file;
}

function notInside({ directory }: Inside, name: string, why: keyof typeof WHY): ReadError {
  const reason = `which is ${WHY[why]}`;
  return new ReadError(path.join(directory, 'manifest.json'), `names '${name}', ${reason}`, 'synthesize the app again');
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

/** CDK omits `Resources` from an empty stack, such as a new one. */
function withResources(text: ParsedText): ParsedText {
  if (!isRecord(text.data) || !Object.keys(text.data).every((name) => BESIDE_RESOURCES.includes(name))) return text;
  return { ...text, data: { ...text.data, Resources: {} } };
}

/** One stack of an assembly, with the nested stacks below it. */
class AssemblyStack {
  readonly metadata: AssemblyMetadata;
  readonly constructPath: string;
  private readonly properties: JsonObject;

  constructor(
    private readonly inside: Inside,
    readonly id: string,
    private readonly artifact: JsonObject,
    private readonly artifacts: JsonObject,
  ) {
    this.properties = objectAt(artifact, 'properties');
    const { displayName, additionalMetadataFile } = artifact;
    this.constructPath = typeof displayName === 'string' ? displayName.replace(/ \(.*\)$/, '') : id;
    this.metadata = new AssemblyMetadata(
      {
        ...objectAt(artifact, 'metadata'),
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
    const resources = isRecord(text.data) ? objectAt(text.data, 'Resources') : {};
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
      Object.entries(objectAt(this.properties, 'tags')).map(([key, value]) => [key, String(value)]),
    );
  }

  /** File and construct path of a nested stack's template; undefined if it is not part of the assembly. */
  private nestedTemplate(
    parent: string | undefined,
    logicalId: string,
    resource: JsonObject,
  ): { file: string; path?: string } | undefined {
    const metadata = objectAt(resource, 'Metadata');
    // Nest.NestedStack/Nest.NestedStackResource is a sibling of the construct Nest with the resources.
    const resourcePath = this.annotation(parent, logicalId, metadata).path;
    const stackPath = resourcePath?.replace(/\.NestedStack\/[^/]*$/, '');
    const asset = metadata['aws:asset:path'];
    const hash = /[0-9a-f]{64}/.exec(JSON.stringify(objectAt(resource, 'Properties').TemplateURL ?? ''))?.[0];
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
      const manifest = within(this.inside.root, this.inside.directory, String(objectAt(content, 'properties').file));
      if (typeof manifest === 'string') continue;
      const files = objectAt(readJsonObject(manifest.file), 'files');
      const source = objectAt(objectAt(files, hash), 'source').path;
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

function objectAt(value: JsonObject, name: string): JsonObject {
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  return isRecord(found) ? found : {};
}

function listAt(value: JsonObject, name: string): JsonObject[] {
  const found = value[name];
  return Array.isArray(found) ? found.filter(isRecord) : [];
}
