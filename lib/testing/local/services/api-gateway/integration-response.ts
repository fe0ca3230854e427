import { header, type HttpResponse } from '../../kernel/call';
import { type JsonObject, recordOf, records, text } from '../../kernel/json';
import { remapped } from './answers';
import { named } from './api-request';
import { converted } from './binary-types';
import { IntegrationFailure } from './integration-failure';
import type { IntegrationTools } from './integration-request';
import { matchesWhole } from './java-pattern';
import { applyTemplate, overrides, statusOverride } from './mapping-template';
import { responseHeaders } from './parameter-mapping';
import type { IntegratedCall } from './rest-call';

/**
 * The response that a REST API builds from the answer of a non-proxy integration.
 * @param selection what the patterns match: the status, or a function's error message
 * @throws IntegrationFailure when no integration response matches, or a template fails
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

/** The integration response whose pattern matches, else the one without a pattern. */
function chooseResponse({ IntegrationResponses }: JsonObject, selection: string): JsonObject {
  const responses = records(IntegrationResponses);
  const fits = ({ SelectionPattern: pattern }: JsonObject) =>
    (text(pattern) ?? '') !== '' && matchesWhole(text(pattern) ?? '', selection);
  const chosen =
    responses.find(fits) ?? responses.find(({ SelectionPattern }) => (text(SelectionPattern) ?? '') === '');
  if (chosen) return chosen;
  throw new IntegrationFailure(`no integration response matches '${selection}', and there is none without a pattern`);
}

/** The template that the client accepts, else the one for JSON, else the first; empty if the body passes through. */
function responseTemplate({ ResponseTemplates }: JsonObject, { request }: IntegratedCall): readonly [string, string] {
  const templates = recordOf(ResponseTemplates);
  const accept = header(request.http, 'accept') ?? '';
  const [first = 'application/json'] = Object.keys(templates);
  const type = [accept, 'application/json'].find((one) => text(named(templates, one)) !== undefined) ?? first;
  return [type, text(named(templates, type)) ?? ''];
}

function textOf(body: Buffer | string): string {
  if (typeof body === 'string') return body;
  throw new IntegrationFailure("a template cannot map a binary answer; set 'contentHandling' to CONVERT_TO_TEXT");
}
