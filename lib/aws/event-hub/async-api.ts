import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DOCUMENT } from '../../core/event-schema/documents';
import type { JsonSchema } from '../../core/event-schema/json-schema';
import { movedTo } from '../../core/event-schema/moved';
import { digest, keysOf } from '../../core/document-keys';
import { envelope } from './envelope';
import type { PublishProps } from './publish';

/** Title and version of a hub's AsyncAPI document. */
export interface AsyncApiInfo {
  /**
   * Title of the document.
   * @default - the construct path of the hub
   */
  readonly title?: string;
  /**
   * Version of the document.
   * @default - a hash of its content
   */
  readonly version?: string;
}

/** Content of a hub's AsyncAPI document. */
export interface AsyncApiParts extends AsyncApiInfo {
  /** Title of the document. */
  readonly title: string;
  /** Schemas of the data by type. */
  readonly events: Readonly<Record<string, JsonSchema>>;
  /** Who publishes what. */
  readonly publishers: readonly PublishProps[];
  /** Who receives what; without types, everything. */
  readonly subscribers: readonly { readonly name: string; readonly types?: readonly string[] }[];
  /** Whether data too large for the bus is stored elsewhere. */
  readonly claims: boolean;
}

/**
 * A hub as AsyncAPI 3: a channel with one message per type in its CloudEvents envelope, a send operation per source, and a
 * receive operation per subscriber.
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApi({ title, version, events, publishers, subscribers, claims }: AsyncApiParts): object {
  const types = [
    ...new Set([
      ...Object.keys(events),
      ...publishers.flatMap((one) => one.types),
      ...subscribers.flatMap((one) => one.types ?? []),
    ]),
  ].sort();
  const keys = keysOf(types);
  const operation = (action: string, of: readonly string[]) => ({
    action,
    channel: { $ref: '#/channels/hub' },
    messages: [...new Set(of)].sort().map((type) => ({ $ref: `#/channels/hub/messages/${keys.get(type)}` })),
  });
  const sources = [...new Set(publishers.map(({ source }) => source))].sort();
  const typesFrom = (source: string) => publishers.filter((one) => one.source === source).flatMap((one) => one.types);
  const operations: [string, object][] = [
    ...sources.map((source): [string, object] => [`send-${source}`, operation('send', typesFrom(source))]),
    ...subscribers.map(({ name, types: of }): [string, object] => [
      `receive-${name}`,
      operation('receive', of ?? types),
    ]),
  ];
  const names = keysOf(operations.map(([name]) => name));
  const by = <T>(of: (type: string) => T, all: readonly string[] = types) =>
    Object.fromEntries(all.map((type) => [keys.get(type)!, of(type)]));
  const content = {
    defaultContentType: 'application/cloudevents+json',
    channels: { hub: { address: null, messages: by((type) => ({ $ref: `#/components/messages/${keys.get(type)}` })) } },
    operations: Object.fromEntries(operations.map(([name, value]) => [names.get(name)!, value])),
    components: {
      messages: by((type) => ({
        name: type,
        payload: envelope(type, type in events ? { $ref: `#/components/schemas/${keys.get(type)}` } : {}, claims),
      })),
      schemas: by((type) => movedTo(events[type]!, `#/components/schemas/${keys.get(type)}`), Object.keys(events)),
    },
  };
  return { asyncapi: '3.0.0', info: { title, version: version ?? digest(content) }, ...content };
}

/** Writes a document to the assembly on every synthesis, for `lintel events` and `lintel types`. */
export function writeIntoAssembly(hub: Construct, document: () => object): void {
  const name = `${Names.nodeUniqueId(hub.node)}${DOCUMENT}`;
  attachCustomSynthesis(hub, {
    onSynthesize: ({ outdir }) => writeFileSync(join(outdir, name), `${JSON.stringify(document(), null, 2)}\n`),
  });
}
