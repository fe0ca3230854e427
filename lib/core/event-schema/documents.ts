import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ReadError } from '../model/read-error';
import { isRecord, type JsonObject, recordOf } from '../record';
import { pointed, type Side } from './comparison';

/** The name of the file that a hub writes into the assembly. */
export const DOCUMENT = '.asyncapi.json';

/** The messages of a document of AsyncAPI. */
export interface EventDocument {
  /** Its title: of a hub, the construct path. */
  readonly title: string;
  readonly file: string;
  /** Schemas of the messages by name; undefined if not JSON Schema. */
  readonly messages: Readonly<Record<string, Side | undefined>>;
  /** The whole document. */
  readonly content: JsonObject;
}

/**
 * The documents of AsyncAPI that a path names: a file, or a folder with `*.asyncapi.json` (or `.yaml`, `.yml`), such as an
 * assembly, nested ones among it.
 * @returns none for an assembly without any: nothing in it has schemas of events
 * @throws ReadError when there is none elsewhere, or one is no AsyncAPI 3
 */
export function readDocuments(place: string): readonly EventDocument[] {
  if (!existsSync(place)) throw new ReadError(place, 'is not there', 'name a document of AsyncAPI, or an assembly');
  if (!statSync(place).isDirectory()) return [readDocument(place)];
  const files = within(place).map(readDocument);
  if (files.length === 0 && !existsSync(path.join(place, 'manifest.json')))
    throw new ReadError(
      place,
      `contains no *${DOCUMENT}`,
      "synthesize an app with 'events' of a hub, or name the document",
    );
  return files;
}

function within(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      // Assets contain other people's files.
      if (entry.isDirectory())
        return entry.name.startsWith('asset.') || entry.name === 'node_modules' ? [] : within(file);
      return /\.asyncapi\.(json|ya?ml)$/.test(entry.name) ? [file] : [];
    });
}

function readDocument(file: string): EventDocument {
  const content = parsed(file);
  const version = isRecord(content) ? String(content.asyncapi ?? '') : '';
  if (!isRecord(content) || !version.startsWith('3.'))
    throw new ReadError(
      file,
      `is not AsyncAPI 3${version ? `, but ${version}` : ''}`,
      "write it with 'asyncApi()' of the hub",
    );
  return { title: String(recordOf(content.info).title ?? ''), file, messages: messagesOf(content), content };
}

function parsed(file: string): unknown {
  try {
    const text = readFileSync(file, 'utf8');
    return file.endsWith('.json') ? JSON.parse(text) : parse(text);
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n');
    throw new ReadError(file, `cannot be read: ${line}`, 'correct it');
  }
}

/** Those of the components, and those inline in a channel. */
function messagesOf(document: JsonObject): EventDocument['messages'] {
  const declared = Object.entries(recordOf(recordOf(document.components).messages));
  const inChannels = Object.values(recordOf(document.channels)).flatMap((channel) =>
    Object.entries(recordOf(recordOf(channel).messages)),
  );
  const seen = new Set<unknown>();
  const found: Record<string, Side | undefined> = {};
  for (const [key, value] of [...declared, ...inChannels]) {
    const message = referred(document, value);
    if (message !== undefined && seen.has(message)) continue;
    seen.add(message);
    const name = typeof message?.name === 'string' && !Object.hasOwn(found, message.name) ? message.name : key;
    found[name] = message && payloadOf(document, message);
  }
  return found;
}

function referred(document: JsonObject, value: unknown): JsonObject | undefined {
  const { $ref: reference } = recordOf(value);
  if (typeof reference !== 'string') return recordOf(value);
  const target = pointed(document, reference);
  return target === undefined || '$ref' in target ? undefined : target;
}

/** A message without a payload may hold anything. */
function payloadOf(root: JsonObject, { payload = {} }: JsonObject): Side | undefined {
  if (!isRecord(payload)) return payload === true ? { root, schema: {} } : undefined;
  if (!('schemaFormat' in payload)) return { root, schema: payload };
  const isJson = /json|asyncapi/.test(String(payload.schemaFormat));
  return isJson && isRecord(payload.schema) ? { root, schema: payload.schema } : undefined;
}
