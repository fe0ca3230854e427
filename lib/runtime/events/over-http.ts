import type { CloudEvent } from './cloud-event';
import { sign } from './signature';

/** Where events are posted to, and the key. */
export interface EventPosterProps {
  /** The URL, `https://`. */
  readonly url: string;
  /**
   * The shared key: base64 of 24 bytes or more, with or without the prefix `whsec_` of Standard Webhooks; or a function
   * that fetches it, once per event.
   */
  readonly secret: string | (() => Promise<string>);
  /**
   * Timeout of an attempt in milliseconds.
   * @default 10000
   */
  readonly timeout?: number;
}

/** The media type of an event with its data, in JSON. */
export const CLOUD_EVENT = 'application/cloudevents+json';

/**
 * Posts events to another cloud, signed as in Standard Webhooks: the event as it is, in structured mode of CloudEvents over
 * HTTP. The receiver detects repeats by source and id.
 * @returns a function that posts one event
 * @throws TypeError for a URL that is not `https://`; plain HTTP is allowed only for this machine
 * @throws Error when the other side does not answer with 2xx, so that the event is retried
 * @example
 * const post = eventPoster({ url: process.env.EDGE_URL!, secret });
 * export const handler = subscriber({ on: { OrderPlaced: (_, event) => post(event) } });
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function eventPoster({ url, secret, timeout = 10_000 }: EventPosterProps): (event: CloudEvent) => Promise<void> {
  if (!confidential(url)) throw new TypeError(`Events must be posted to a URL that starts with https://, got '${url}'`);
  return async (event) => {
    const body = JSON.stringify(event);
    const key = typeof secret === 'string' ? secret : await secret();
    const signed = await sign({ id: await messageId(event), body, at: new Date() }, key);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': CLOUD_EVENT, ...signed },
      body,
      // The key was agreed with this host, not with a redirect target.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    });
    const excerpt = (await answer.text()).slice(0, 200);
    if (answer.ok) return;
    throw new Error(`'${event.type}' ${event.id} was not accepted: ${url} answered ${answer.status} ${excerpt}`);
  };
}

/** Whether no one on the way can read what is posted. */
function confidential(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

/** A message id that is the same for each attempt; ids and sources of events may contain any character. */
async function messageId({ source, id }: CloudEvent): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify([source, id])));
  return `msg_${[...new Uint8Array(digest).slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
