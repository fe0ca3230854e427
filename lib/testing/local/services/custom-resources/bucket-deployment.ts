import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Caller } from '../../kernel/caller';
import type { Deployed } from '../../kernel/deployment';
import { LocalRunError } from '../../kernel/errors';
import { type JsonObject, recordOf, records, text, texts } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { element } from '../s3/xml';
import type { Created } from './create';

/** CDK's resource for copying files of an app to a bucket. */
export const BUCKET_DEPLOYMENT = 'Custom::CDKBucketDeployment';

/** Content types by file extension, unless the deployment sets one. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  ico: 'image/vnd.microsoft.icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  md: 'text/markdown',
  mjs: 'text/javascript',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  wasm: 'application/wasm',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  xml: 'text/xml',
  zip: 'application/zip',
};

/** Settings of a deployment that have another name in a request. */
const HEADERS: Readonly<Record<string, string>> = {
  acl: 'x-amz-acl',
  sse: 'x-amz-server-side-encryption',
  'sse-kms-key-id': 'x-amz-server-side-encryption-aws-kms-key-id',
  'storage-class': 'x-amz-storage-class',
  'website-redirect': 'x-amz-website-redirect-location',
};

/**
 * Does the work of a bucket deployment's function, which needs the AWS CLI: puts the files of the assets into the
 * bucket, with that function's role.
 * @returns why not; undefined on success
 */
export async function deployFiles(context: LocalContext, resource: Deployed): Promise<Created | string> {
  const { properties } = resource;
  const handler = context.functions.target(text(properties.ServiceToken) ?? '')?.function;
  if (!handler) return `its provider '${text(properties.ServiceToken)}' is not a function in the templates`;
  if (String(properties.Extract) === 'false') return 'deploying an archive without extracting it is not supported here';
  const keys = texts(properties.SourceObjectKeys);
  const bucket = text(properties.DestinationBucketName) ?? '';
  const headers = headersOf(properties);
  for (const [index, key] of keys.entries()) {
    let directory: string;
    try {
      directory = context.assets.directory(key, resource.displayName);
    } catch (error) {
      if (error instanceof LocalRunError) return error.message;
      throw error;
    }
    const markers = Object.entries(recordOf(records(properties.SourceMarkers)[index]));
    for (const file of filesBelow(directory).filter((one) => isWanted(one, properties))) {
      const prefix = (text(properties.DestinationBucketKeyPrefix) ?? '').replace(/^\/|\/$/g, '');
      const body = filled(readFileSync(path.join(directory, file)), markers);
      const put = { bucket, key: prefix === '' ? file : `${prefix}/${file}`, body, headers };
      const refused = await putFile(context, put, handler.caller);
      if (refused !== undefined) return refused;
    }
  }
  return {
    physicalId: `aws.cdk.s3deployment.${randomUUID()}`,
    data: { DestinationBucketArn: `arn:aws:s3:::${bucket}`, SourceObjectKeys: keys },
  };
}

interface FileToPut {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
  readonly headers: ReadonlyMap<string, string>;
}

/** @returns why it was not put */
async function putFile(
  context: LocalContext,
  { bucket, key, body, headers }: FileToPut,
  caller: Caller,
): Promise<string | undefined> {
  const type = CONTENT_TYPES[path.extname(key).slice(1).toLowerCase()];
  const given = headers.has('content-type') || type === undefined ? [] : [['content-type', type] as const];
  const request = {
    method: 'PUT',
    path: `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
    query: '',
    headers: [...headers, ...given],
    body,
  };
  const { status, body: answer = '' } = await context.call('s3', request, caller);
  return status < 300 ? undefined : `'${key}' was not put into '${bucket}': ${element(String(answer), 'Message')}`;
}

function headersOf({ SystemMetadata, UserMetadata }: JsonObject): ReadonlyMap<string, string> {
  const system = Object.entries(recordOf(SystemMetadata)).map(
    ([name, value]) => [HEADERS[name] ?? name, value] as const,
  );
  const own = Object.entries(recordOf(UserMetadata)).map(([name, value]) => [`x-amz-meta-${name}`, value] as const);
  return new Map([...system, ...own].map(([name, value]) => [name.toLowerCase(), text(value) ?? '']));
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

/** Excluded files stay out unless included again. */
function isWanted(file: string, { Exclude, Include }: JsonObject): boolean {
  const matches = (patterns: unknown) => texts(patterns).some((pattern) => isLike(file, pattern));
  return !matches(Exclude) || matches(Include);
}

/** In these patterns a star also matches slashes. */
function isLike(file: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(file);
}

/** The files have markers for values known only at deployment. */
function filled(body: Buffer, markers: readonly (readonly [string, unknown])[]): Buffer {
  if (markers.length === 0) return body;
  return Buffer.from(
    markers.reduce((content, [marker, value]) => content.replaceAll(marker, text(value) ?? ''), body.toString()),
  );
}
