import type { TemplateJson } from '../sources';

/** Replaces an asset's hash in a normalised template. */
const ASSET = '<asset>';

/** The hash of an asset inside a name, key or URL: `<hash>.zip`, `.../<hash>.json`, `...-container-assets-...:<hash>`. */
const HASH_IN_NAME = /(?<=^|[/:])[0-9a-f]{64}(?=\.[a-z0-9.]+$)|(?<=assets-.*:)[0-9a-f]{64}$/g;

/** A bare hash is an asset only where an object key is expected; elsewhere it may be significant. */
const WHOLE_HASH = /^[0-9a-f]{64}$/;
const OBJECT_KEY = /^(S3|Object|SourceObject)?Keys?$/;

/** `currentVersion` ends the logical id in a hash of the function's code and settings. */
const VERSION_HASH = /[0-9a-f]{32}$/;

/** Maps the logical id of each function version to its displayed form. */
type VersionIds = ReadonlyMap<string, string>;

/**
 * A template without irrelevant changes: hashes of assets, the hash in the logical id of a function version, bootstrap
 * checks, CDK's own metadata. Everything else stays, so that real changes show. The given template is not modified.
 */
export function normalizeTemplate(template: TemplateJson): TemplateJson {
  const resources = entries(template.Resources).filter(([, resource]) => typeOf(resource) !== 'AWS::CDK::Metadata');
  const kept = compact({
    ...template,
    Parameters: without(template.Parameters, (id) => id === 'BootstrapVersion'),
    Rules: without(template.Rules, (id) => id === 'CheckBootstrapVersion'),
    Conditions: without(template.Conditions, (id) => id === 'CDKMetadataAvailable'),
    Resources: Object.fromEntries(resources.map(([id, resource]) => [id, withoutCdkMetadata(resource)])),
  });
  return normalizeObject(kept, versionIds(resources));
}

function versionIds(resources: [string, unknown][]): VersionIds {
  return new Map(
    resources
      .filter(([id, resource]) => typeOf(resource) === 'AWS::Lambda::Version' && VERSION_HASH.test(id))
      .map(([id]) => [id, id.replace(VERSION_HASH, '<version>')]),
  );
}

function normalize(value: unknown, key: string, versions: VersionIds): unknown {
  if (typeof value === 'string') return normalizeText(value, key, versions);
  if (Array.isArray(value)) return value.map((item) => normalize(item, key, versions));
  if (typeof value === 'object' && value !== null) return normalizeObject(value as TemplateJson, versions);
  return value;
}

function normalizeObject(object: TemplateJson, versions: VersionIds): TemplateJson {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [normalizeText(key, '', versions), normalize(value, key, versions)]),
  );
}

/** Version ids appear as references, as keys of resources and inside names of exports. */
function normalizeText(text: string, key: string, versions: VersionIds): string {
  if (WHOLE_HASH.test(text)) return OBJECT_KEY.test(key) ? ASSET : text;
  return [...versions].reduce((all, [id, shown]) => all.replaceAll(id, shown), text.replace(HASH_IN_NAME, ASSET));
}

/** A resource without the metadata that CDK writes for its own use (`aws:cdk:path`, `aws:asset:path`, ...). */
function withoutCdkMetadata(resource: unknown): unknown {
  if (typeof resource !== 'object' || resource === null || !('Metadata' in resource)) return resource;
  return compact({ ...resource, Metadata: without(resource.Metadata, (name) => /^aws:(cdk|asset):/.test(name)) });
}

/** An object without some of its entries; undefined if none is left. */
function without(section: unknown, drop: (name: string) => boolean): TemplateJson | undefined {
  const kept = entries(section).filter(([name]) => !drop(name));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function compact(object: TemplateJson): TemplateJson {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function entries(section: unknown): [string, unknown][] {
  return typeof section === 'object' && section !== null ? Object.entries(section) : [];
}

function typeOf(resource: unknown): unknown {
  return typeof resource === 'object' && resource !== null && 'Type' in resource ? resource.Type : undefined;
}
