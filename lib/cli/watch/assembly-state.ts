import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../testing/local/kernel/json';
import { digestOf } from './digest';

/** The code of a function in an assembly. */
export interface FunctionCodeState {
  /** Its content. */
  readonly digest: string | undefined;
  /** Where it is. */
  readonly directory: string;
}

/** What an assembly holds, as far as a run depends on it. */
export interface AssemblyState {
  /** Everything except function code: a different text means different stacks. */
  readonly shape: string;
  /** Code by the construct path of the function, or its logical id. */
  readonly code: ReadonlyMap<string, FunctionCodeState>;
}

const HASH = /[0-9a-f]{64}/g;
/** CDK names a version after the code of its function. */
const VERSION = /(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g;

/** Reads an assembly, nested ones included. */
export function assemblyState(directory: string): AssemblyState {
  const files = filesIn(directory);
  const assets = new Map(files.filter(isManifest).flatMap(assetsIn));
  const code = new Map<string, FunctionCodeState>();
  const shapes = files.filter(isTemplate).map((file) => {
    const template = recordOf(parseJson(readFileSync(file, 'utf8')));
    const resources = Object.entries(recordOf(template.Resources)).filter(([, one]) => recordOf(one).Type !== METADATA);
    for (const [logicalId, one] of resources) {
      const found = codeOf(logicalId, recordOf(one), assets);
      if (found) code.set(...found);
    }
    const shape = { ...template, Resources: resources.map(([id, one]) => [id, withLayer(recordOf(one), assets)]) };
    return `${path.relative(directory, file)} ${JSON.stringify(shape)}`.replace(HASH, '#').replace(VERSION, '$1');
  });
  return { shape: shapes.sort().join('\n'), code };
}

/** It records the CDK version that made it. */
const METADATA = 'AWS::CDK::Metadata';
const isTemplate = (file: string) => file.endsWith('.template.json');
const isManifest = (file: string) => file.endsWith('.assets.json');

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(directory, entry.name);
    return entry.isDirectory() ? (entry.name.startsWith('assembly-') ? filesIn(file) : []) : [file];
  });
}

/** Where assets are, by the key under which they would be uploaded. */
function assetsIn(manifest: string): readonly (readonly [key: string, place: string])[] {
  const content = recordOf(parseJson(readFileSync(manifest, 'utf8')));
  return Object.values(recordOf(content.files))
    .filter(isRecord)
    .flatMap(({ source, destinations }) =>
      Object.values(recordOf(destinations)).map(
        (one) =>
          [
            text(recordOf(one).objectKey) ?? '',
            path.resolve(path.dirname(manifest), text(recordOf(source).path) ?? ''),
          ] as const,
      ),
    );
}

function codeOf(
  logicalId: string,
  { Type, Properties, Metadata }: JsonObject,
  assets: ReadonlyMap<string, string>,
): [string, FunctionCodeState] | undefined {
  const directory = assets.get(text(recordOf(recordOf(Properties).Code).S3Key) ?? '');
  if (Type !== 'AWS::Lambda::Function' || directory === undefined) return undefined;
  return [text(recordOf(Metadata)['aws:cdk:path']) ?? logicalId, { digest: digestOf(directory), directory }];
}

/** A layer belongs to the shape: all functions with it are recreated. Its digest is shortened, so that it does not count as a changing name. */
function withLayer(resource: JsonObject, assets: ReadonlyMap<string, string>): JsonObject {
  if (resource.Type !== 'AWS::Lambda::LayerVersion') return { ...resource, Metadata: undefined };
  const place = assets.get(text(recordOf(recordOf(resource.Properties).Content).S3Key) ?? '');
  return { ...resource, Metadata: undefined, layer: (place && digestOf(place))?.slice(1) };
}
