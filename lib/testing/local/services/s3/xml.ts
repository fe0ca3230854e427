import { randomUUID } from 'node:crypto';
import { AwsError, escapeXml } from '../../kernel/aws-errors';
import type { HttpResponse } from '../../kernel/call';

/** The content of an element: text, child elements, or repeated elements. Undefined is omitted. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

/** An XML response. */
export function xmlResponse(
  root: string,
  content: XmlValue,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId(), ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${xmlns}">${xmlText(content)}</${root}>`,
  };
}

/** A request id in S3's format. */
export function requestId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();
}

/** Serializes a value as elements. */
export function xmlText(value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return escapeXml(String(value)).replaceAll('\r', '&#13;');
  if (isList(value)) return value.map(xmlText).join('');
  return Object.entries(value)
    .flatMap(([name, item]) => (isList(item) ? item : [item]).map((one) => [name, one] as const))
    .map(([name, item]) => (item === undefined ? '' : `<${name}>${xmlText(item)}</${name}>`))
    .join('');
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The contents of all elements with a name, undecoded if they have child elements. */
export function elements(source: string, name: string): readonly string[] {
  return [...source.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs'))].map(
    ([, content = '']) => content,
  );
}

/** The text of the first element with a name, if any. */
export function element(source: string, name: string): string | undefined {
  return elements(source, name)[0]?.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(\w+));/g, (whole, decimal, hex, entity) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(parseInt(String(hex), 16));
    return ENTITIES[String(entity)] ?? whole;
  });
}

/** @throws AwsError when the body's root element is not the expected one */
export function checkXml(source: string, root: string): string {
  if (new RegExp(`<${root}[\\s>/]`).test(source)) return source;
  throw new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    400,
  );
}
