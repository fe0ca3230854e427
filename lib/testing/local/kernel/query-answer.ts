import type { HttpResponse } from './call';

/**
 * A query protocol response as JSON, which these services return to clients that accept it, as API Gateway does by
 * default: `{"SendMessageResponse":{"SendMessageResult":{"MessageId":"..."}}}`. Other responses are returned unchanged.
 */
export function queryAnswerAsJson(answer: HttpResponse): HttpResponse {
  const type = String(answer.headers?.['content-type'] ?? '');
  const body = String(answer.body ?? '');
  if (!type.startsWith('text/xml') || !/^\s*(<\?xml[^>]*\?>)?\s*<\w+(Response|ErrorResponse)\b/.test(body))
    return answer;
  const value = valueOf(body.replace(/<\?xml[^>]*\?>/, '').trim());
  const isError = typeof value === 'object' && value !== null && 'ErrorResponse' in value;
  return {
    ...answer,
    headers: { ...answer.headers, 'content-type': 'application/json' },
    body: JSON.stringify(isError ? (value as { readonly ErrorResponse: unknown }).ErrorResponse : value),
  };
}

const ELEMENT = /<([\w:]+)(?:\s[^>]*)?(?:\/>|>([\s\S]*?)<\/\1>)/g;

/** A response's XML as JSON: elements as fields, `member`s as a list. */
function valueOf(xml: string): unknown {
  const elements = [...xml.matchAll(ELEMENT)];
  if (elements.length === 0) return unescape(xml);
  if (elements.every(([, name]) => name === 'member')) return elements.map(([, , inner = '']) => valueOf(inner));
  return Object.fromEntries(elements.map(([, name, inner = '']) => [name, valueOf(inner)] as const));
}

function unescape(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
