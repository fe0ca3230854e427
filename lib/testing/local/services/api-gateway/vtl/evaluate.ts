import { messageOf } from '../../../kernel/errors';
import { type JsonObject, parseJson } from '../../../kernel/json';
import { NotRunHere } from '../integration-failure';
import { jsonPath, UnknownJsonPath } from './json-path';
import { UnknownMethod } from './methods';
import { render } from './render';
import { fromJson, isNothing, mapOf, toText, type VtlMap } from './values';

export { velocity } from './render';

/** The input of an API Gateway mapping template. */
export interface TemplateInput {
  /** The body, as text. */
  readonly body: string;
  /** `$input.params()`, from the request even for a response. */
  readonly params: Readonly<Record<'path' | 'querystring' | 'header', Readonly<Record<string, string>>>>;
  /** Headers of the integration's response, for its template: `$integration.response.header.X`. */
  readonly answered?: Readonly<Record<string, string>>;
  /** `$context`, in which templates set their overrides. */
  readonly context: VtlMap;
  /** `$stageVariables`. */
  readonly stageVariables: Readonly<Record<string, string>>;
}

/** A failure of a template. */
export class TemplateFailure extends Error {
  override readonly name = 'TemplateFailure';

  /**
   * @param kind `body`: it needs JSON and the body is none; `template`: it is wrong; `here`: this run does not know what
   *   it uses
   * @param message the details
   */
  constructor(
    readonly kind: 'body' | 'template' | 'here',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Evaluates a mapping template as API Gateway does: a missing value is an empty string.
 * @param onMissing called for a condition on something missing in the JSON
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 * @throws TemplateFailure
 */
export function evaluateTemplate(
  template: string,
  { body, params, answered, context, stageVariables }: TemplateInput,
  onMissing?: () => void,
): string {
  const json = () => {
    const parsed = body === '' ? {} : parseJson(body);
    if (parsed === undefined) throw new TemplateFailure('body', 'Could not parse request body into json');
    return parsed;
  };
  const [path, querystring, header] = [mapOf(params.path), mapOf(params.querystring), mapOf(params.header)];
  const all = mapOf({});
  for (const [name, values] of Object.entries({ path, querystring, header })) all.set(name, values);
  const input = {
    body: body === '' ? '{}' : body,
    params: (name?: unknown) => {
      if (name === undefined) return all;
      const key = toText(name);
      return path.get(key) ?? querystring.get(key) ?? header.get(key) ?? '';
    },
    json: (of: unknown = '$') => JSON.stringify(jsonPath(toText(of), json()) ?? ''),
    path: (of: unknown) => fromJson(jsonPath(toText(of), json())),
  };
  try {
    const method = mapOf({ request: params });
    const integration = mapOf({ response: { header: answered ?? {} } });
    const variables = { input, util: UTIL, context, stageVariables: mapOf(stageVariables), method, integration };
    return render(template, variables, onMissing);
  } catch (error) {
    if (error instanceof TemplateFailure) throw error;
    if (error instanceof NotRunHere) throw new TemplateFailure('here', error.message);
    if (error instanceof UnknownMethod || error instanceof UnknownJsonPath) {
      throw new TemplateFailure('here', `${error.message} is not known here`);
    }
    throw new TemplateFailure('template', `the mapping template failed: ${messageOf(error)}`);
  }
}

const UTIL: JsonObject = {
  urlEncode: (text: unknown) => formEncoded(toText(text)),
  urlDecode: (text: unknown) => decodeURIComponent(toText(text).replaceAll('+', ' ')),
  base64Encode: (text: unknown) => Buffer.from(toText(text)).toString('base64'),
  base64Decode: (text: unknown) => Buffer.from(toText(text), 'base64').toString(),
  parseJson: (text: unknown) => fromJson(parseJson(toText(text))),
  escapeJavaScript: (value: unknown) => (isNothing(value) ? '' : escapedForScript(toText(value))),
};

/** As `java.net.URLEncoder` does. */
function formEncoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** As Apache's `StringEscapeUtils.escapeEcmaScript` does, including single quotes, which JSON does not escape. */
function escapedForScript(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll("'", "\\'")
    .replaceAll('/', '\\/')
    .replace(
      /[\u0080-\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
    );
}
