import type { Forwarded } from '../../../kernel/forward';
import { type JsonObject, text } from '../../../kernel/json';
import { type Integration, sdkFailure } from './integration';
import { asText } from './optimised';

type Request = (parameters: JsonObject) => Forwarded;

const REQUESTS: Readonly<Record<string, Request>> = {
  getObject: (parameters) => object('GET', parameters, { versionId: parameters.VersionId }),
  headObject: (parameters) => object('HEAD', parameters),
  deleteObject: (parameters) => object('DELETE', parameters),
  putObject: (parameters) => object('PUT', parameters, {}, parameters.Body),
  listObjectsV2: (parameters) => ({
    method: 'GET',
    path: `/${text(parameters.Bucket) ?? ''}`,
    query: query({
      'list-type': 2,
      prefix: parameters.Prefix,
      delimiter: parameters.Delimiter,
      'continuation-token': parameters.ContinuationToken,
      'max-keys': parameters.MaxKeys,
      'start-after': parameters.StartAfter,
    }),
    headers: [],
    body: Buffer.alloc(0),
  }),
};

/** The integration of an `aws-sdk:s3` call; undefined if unsupported. */
export function s3(api: string): Integration | undefined {
  if (!Object.hasOwn(REQUESTS, api)) return undefined;
  return {
    service: 's3',
    request: (_, parameters) => REQUESTS[api]!(parameters),
    answer: (_, { body, headers = {} }) => {
      const content = String(body ?? '');
      const head = {
        ...(headers.etag !== undefined && { ETag: String(headers.etag) }),
        ...(headers['content-type'] !== undefined && { ContentType: String(headers['content-type']) }),
        ...(headers['last-modified'] !== undefined && {
          LastModified: new Date(String(headers['last-modified'])).toISOString(),
        }),
      };
      switch (api) {
        case 'listObjectsV2':
          return listing(content);
        case 'getObject':
          return { ...head, Body: content, ContentLength: Buffer.byteLength(content) };
        case 'headObject':
          return { ...head, ContentLength: Number(headers['content-length'] ?? 0) };
        default:
          return api === 'putObject' ? head : {};
      }
    },
    failure: (error) => {
      const name = ['NoSuchKey', 'NoSuchBucket'].includes(error.code) ? `${error.code}Exception` : 'S3Exception';
      return sdkFailure('S3', name, error);
    },
  };
}

function object(method: string, parameters: JsonObject, search: JsonObject = {}, body?: unknown): Forwarded {
  const key = (text(parameters.Key) ?? '').split('/').map(encodeURIComponent).join('/');
  const type = text(parameters.ContentType);
  return {
    method,
    path: `/${text(parameters.Bucket) ?? ''}/${key}`,
    query: query(search),
    headers: type === undefined ? [] : [['content-type', type]],
    body: Buffer.from(body === undefined ? '' : asText(body)),
  };
}

function query(given: JsonObject): string {
  const entries = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return new URLSearchParams(entries).toString();
}

/** Parses the XML of a listing. */
function listing(xml: string): JsonObject {
  const all = (name: string, within: string) => [
    ...within.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g')),
  ];
  const one = (name: string, within: string) => {
    const [found] = all(name, within);
    return found && plain(found[1]!);
  };
  const Contents = all('Contents', xml).map(([, part = '']) => ({
    ETag: one('ETag', part),
    Key: one('Key', part),
    LastModified: one('LastModified', part),
    Size: Number(one('Size', part) ?? 0),
    StorageClass: one('StorageClass', part),
  }));
  const next = one('NextContinuationToken', xml);
  return {
    Contents,
    IsTruncated: one('IsTruncated', xml) === 'true',
    KeyCount: Contents.length,
    Name: one('Name', xml),
    ...(next !== undefined && { NextContinuationToken: next }),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function plain(xml: string): string {
  return xml.replace(/&(?:#(\d+)|(\w+));/g, (whole, code: string | undefined, name: string | undefined) =>
    code === undefined ? (ENTITIES[name ?? ''] ?? whole) : String.fromCharCode(Number(code)),
  );
}
