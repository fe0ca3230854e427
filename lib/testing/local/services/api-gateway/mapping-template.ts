import { grouped, mapped, writtenHeaders } from './api-request';
import { BadRequestBody, IntegrationFailure, NotRunHere } from './integration-failure';
import type { IntegratedCall } from './rest-call';
import { evaluateTemplate, TemplateFailure } from './vtl/evaluate';
import { toText, VtlMap } from './vtl/values';

/**
 * Evaluates a mapping template of an integration. Its overrides are kept in the call's context.
 * @param body of the request or response that it maps
 * @param note called with anything AWS may evaluate differently
 * @param answered the headers of the response that it maps; absent for a request
 * @throws BadRequestBody when it needs JSON and the client's body is not
 * @throws NotRunHere when it uses something this run does not support
 * @throws IntegrationFailure when the template is wrong
 */
export function applyTemplate(
  template: string,
  call: Pick<IntegratedCall, 'request' | 'parameters' | 'context'>,
  body: string,
  note: (said: string) => void,
  answered?: Readonly<Record<string, string>>,
): string {
  if (!isDynamic(template)) return template;
  const { request, parameters, context } = call;
  const last = (values: readonly string[]) => values.at(-1) ?? '';
  const input = {
    body,
    params: {
      path: parameters,
      querystring: mapped(grouped(new URLSearchParams(request.http.query)), last) ?? {},
      header: mapped(grouped(writtenHeaders(request)), last) ?? {},
    },
    stageVariables: request.stageVariables ?? {},
    context,
    ...(answered && { answered }),
  };
  try {
    return evaluateTemplate(template, input, () =>
      note(
        'a condition tests something that the JSON does not have, which AWS was seen to take as true; compare with ""',
      ),
    );
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error;
    if (error.kind === 'here') throw new NotRunHere(error.message);
    throw error.kind === 'body' && answered === undefined
      ? new BadRequestBody('Invalid JSON in request body')
      : new IntegrationFailure(error.message);
  }
}

/** Whether a template is more than literal text. */
export function isDynamic(template: string): boolean {
  return /[#$]/.test(template);
}

/** `$context` with empty overrides. */
export function withOverrides(values: VtlMap): VtlMap {
  const places = (names: readonly string[]) => new VtlMap(names.map((name) => [name, new VtlMap()] as const));
  values.set('requestOverride', places(['header', 'querystring', 'path']));
  values.set('responseOverride', places(['header']));
  return values;
}

/** Overrides that templates set with `$context.requestOverride.header.X` and the like. */
export function overrides(
  call: Pick<IntegratedCall, 'context'>,
  of: 'requestOverride' | 'responseOverride',
  place: string,
): ReadonlyMap<string, readonly string[]> {
  const all = call.context.get(of);
  const found: unknown = all instanceof Map ? all.get(place) : undefined;
  if (!(found instanceof Map)) return new Map();
  return new Map(
    [...found].map(
      ([name, value]) => [String(name), Array.isArray(value) ? value.map(toText) : [toText(value)]] as const,
    ),
  );
}

/** The status that a template set with `$context.responseOverride.status`; an invalid one is ignored. */
export function statusOverride(call: IntegratedCall): number | undefined {
  const all = call.context.get('responseOverride');
  const status: unknown = all instanceof Map ? all.get('status') : undefined;
  const number = Number(toText(status) || NaN);
  return Number.isInteger(number) && number >= 100 && number <= 599 ? number : undefined;
}
