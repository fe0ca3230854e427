import { type ParsedText, parseText } from './document';
import { readText } from './files';
import { ReadError } from './read-error';
import { type Named, within } from './within';
import { isRecord, type JsonObject } from '../record';

/** The content of a file that a template names, or why it was not read. */
export type BesideFile = { readonly data: unknown } | { readonly reason: string };

/** Resolves the files that a template names. */
export interface Files {
  /** A file by its location in a template: a path or URL. */
  at(location: string): BesideFile;
  /** The file of an asset, by the hash in its key. */
  asset(hash: string): BesideFile;
}

const WHY: Readonly<Record<Extract<Named, string>, string>> = {
  missing: 'is not there',
  outside: 'is outside the given folder',
  endless: 'is a pipe or a device',
};

/** For a template without a file. */
export const NO_FILES: Files = {
  at: (location) => ({ reason: `the file ${location} is not available` }),
  asset: () => ({ reason: 'the file is uploaded and not available' }),
};

/**
 * The files beside a template.
 * @param root the given folder, outside of which nothing is read
 * @param from the folder of the template
 */
export function filesBeside(root: string, from: string): Files {
  const read = (name: string): BesideFile | undefined => {
    const named = within(root, from, name);
    return typeof named === 'string' ? undefined : parsed(named.file);
  };
  return {
    at: (location) => {
      if (/^\w+:\/\//.test(location)) return { reason: `${location} is not available` };
      const named = within(root, from, location);
      return typeof named === 'string' ? { reason: `the file ${location} ${WHY[named]}` } : parsed(named.file);
    },
    asset: (hash) =>
      ['json', 'yaml', 'yml', 'asl']
        .map((ending) => read(`asset.${hash}.${ending}`))
        .find((file) => file !== undefined) ?? NO_FILES.asset(hash),
  };
}

function parsed(file: string): BesideFile {
  try {
    const text: ParsedText = parseText(readText(file), file);
    return { data: text.data };
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return { reason: error.message };
  }
}

/** Properties with the location of an uploaded file, and those with its content inline. */
const UPLOADED: ReadonlyMap<unknown, { readonly from: string; readonly to: string }> = new Map([
  ['AWS::ApiGateway::RestApi', { from: 'BodyS3Location', to: 'Body' }],
  ['AWS::ApiGatewayV2::Api', { from: 'BodyS3Location', to: 'Body' }],
  ['AWS::StepFunctions::StateMachine', { from: 'DefinitionS3Location', to: 'Definition' }],
]);

/** A resource with the content of the file it names, or why that was not read. */
export function withFile(
  resource: JsonObject,
  files: Files,
): { readonly resource: JsonObject; readonly missing?: Missing } {
  const known = UPLOADED.get(resource.Type);
  const properties = resource.Properties;
  if (!known || !isRecord(properties) || properties[known.from] === undefined) return { resource };
  const file = located(properties[known.from], resource.Metadata, files);
  if ('reason' in file) return { resource, missing: { property: known.from, reason: file.reason } };
  const { [known.from]: _, ...others } = properties;
  return { resource: { ...resource, Properties: { ...others, [known.to]: file.data } } };
}

/** What was not read, and the property that names it. */
export interface Missing {
  readonly property: string;
  readonly reason: string;
}

function located(location: unknown, metadata: unknown, files: Files): BesideFile {
  if (typeof location === 'string') return files.at(location);
  const asset = isRecord(metadata) ? metadata['aws:asset:path'] : undefined;
  if (typeof asset === 'string') return files.at(asset);
  const [hash] = /[0-9a-f]{64}/.exec(JSON.stringify(location)) ?? [];
  return hash === undefined ? { reason: 'the file is uploaded and not available' } : files.asset(hash);
}
