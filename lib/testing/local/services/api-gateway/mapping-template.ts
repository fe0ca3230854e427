import { header } from '../../kernel/call';
import { isRecord, type JsonRecord, number, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { evaluateTemplate, type TemplateInput } from './vtl/evaluate';
import { type ApiRequest } from './api-request';
import { IntegrationFailure } from './lambda-target';

/** A call whose integration has mapping templates. */
export interface MappedCall {
  /** The request to the API. */
  readonly request: ApiRequest;
  /** The resource's path: `/orders/{id}`. */
  readonly resourcePath: string;
  /** The path's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The integration, as in the template. */
  readonly integration: JsonRecord;
}

/** What a mapping template makes. */
export interface Mapped {
  /** The text. */
  readonly text: string;
  /** The status that it sets by `$context.responseOverride.status`. */
  readonly status?: number;
  /** The headers that it sets by `$context.responseOverride.header`. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Evaluates a mapping template of an integration.
 * @param body of the request or the answer that it maps
 * @throws IntegrationFailure when the template fails
 */
export function mapped(template: string, call: MappedCall, context: LocalContext, body: string): Mapped {
  const override: { header: JsonRecord; status?: unknown } = { header: {} };
  const input = templateInput(call, context, body);
  try {
    const made = evaluateTemplate(template, { ...input, context: { ...input.context, responseOverride: override } });
    const status = number(override.status);
    return { text: made, headers: headersOf(override.header), ...(status !== undefined && { status }) };
  } catch (error) {
    throw new IntegrationFailure(String(error));
  }
}

function headersOf(values: unknown): Record<string, string> {
  const entries = isRecord(values) ? Object.entries(values) : [];
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), text(value) ?? '']));
}

function templateInput(
  { request, resourcePath, parameters }: MappedCall,
  context: LocalContext,
  body: string,
): TemplateInput {
  const { http, stage, requestId, time, stageVariables = {} } = request;
  return {
    body,
    params: {
      path: parameters,
      querystring: Object.fromEntries(new URLSearchParams(http.query)),
      header: Object.fromEntries(http.headers),
    },
    stageVariables,
    context: {
      accountId: context.account,
      apiId: request.apiId,
      domainName: request.domainName,
      httpMethod: http.method,
      identity: { sourceIp: http.sourceIp, userAgent: header(http, 'user-agent') ?? '' },
      path: `/${stage}${request.path}`,
      requestId,
      requestTimeEpoch: time.getTime(),
      resourcePath,
      stage,
    },
  };
}
