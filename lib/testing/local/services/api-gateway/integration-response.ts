import { header, type HttpResponse } from '../../kernel/call';
import { type JsonRecord, record, records, text } from '../../kernel/json';
import { remapped } from './answers';
import { named } from './api-request';
import { converted } from './binary-types';
import { IntegrationFailure } from './integration-failure';
import type { IntegrationTools } from './integration-request';
import { applyTemplate, overrides, statusOverride } from './mapping-template';
import { responseHeaders } from './parameter-mapping';
import type { IntegratedCall } from './rest-call';

/**
 * What a REST API makes of the answer of an integration without proxy.
 * @param selection what the patterns are tried on: the status, or the error message of a function
 * @throws IntegrationFailure when no integration response takes it, or a template fails
 */
export function integrationResponse(
  call: IntegratedCall,
  answer: HttpResponse,
  selection: string,
  { binary, note }: IntegrationTools,
): HttpResponse {
  const chosen = chooseResponse(call.integration, selection);
  const mapped = responseHeaders(call, chosen.ResponseParameters, answer);
  const bytes = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body ?? '');
  const type = text([answer.headers?.['content-type'] ?? ''].flat()[0]);
  const accepted = binary.accepted(call.request.http);
  const body = converted(bytes, binary.has(type), chosen.ContentHandling, !accepted);
  const [mediaType, template] = responseTemplate(chosen, call);
  const made = template === '' ? body : applyTemplate(template, call, textOf(body), note, singleHeaders(answer));
  const own = [...overrides(call, 'responseOverride', 'header')].map(([name, values]) => [
    name.toLowerCase(),
    values.join(','),
  ]);
  return {
    status: statusOverride(call) ?? Number(chosen.StatusCode),
    headers: remapped<string>({ 'content-type': mediaType, ...mapped, ...Object.fromEntries(own) }),
    body: made,
  };
}

function singleHeaders({ headers = {} }: HttpResponse): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')]));
}

/** The integration response whose pattern fits, else the one without a pattern. */
function chooseResponse({ IntegrationResponses }: JsonRecord, selection: string): JsonRecord {
  const responses = records(IntegrationResponses);
  const fits = ({ SelectionPattern: pattern }: JsonRecord) =>
    (text(pattern) ?? '') !== '' && new RegExp(`^(?:${text(pattern)})$`, 's').test(selection);
  const chosen =
    responses.find(fits) ?? responses.find(({ SelectionPattern }) => (text(SelectionPattern) ?? '') === '');
  if (chosen) return chosen;
  throw new IntegrationFailure(`no integration response takes '${selection}', and there is none without a pattern`);
}

/** The template that the client accepts, else that of JSON, else the first; empty where the body passes through. */
function responseTemplate({ ResponseTemplates }: JsonRecord, { request }: IntegratedCall): readonly [string, string] {
  const templates = record(ResponseTemplates);
  const accept = header(request.http, 'accept') ?? '';
  const [first = 'application/json'] = Object.keys(templates);
  const type = [accept, 'application/json'].find((one) => text(named(templates, one)) !== undefined) ?? first;
  return [type, text(named(templates, type)) ?? ''];
}

function textOf(body: Buffer | string): string {
  if (typeof body === 'string') return body;
  throw new IntegrationFailure("a template cannot map a binary answer; set 'contentHandling' to CONVERT_TO_TEXT");
}
