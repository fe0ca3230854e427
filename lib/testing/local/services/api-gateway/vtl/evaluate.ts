import { moduleFile } from '../../../../engines/find';
import { LocalRunError, messageOf } from '../../../kernel/errors';
import { type JsonRecord, parseJson } from '../../../kernel/json';
import { jsonPath } from './json-path';

/** What a mapping template of API Gateway sees. */
export interface TemplateInput {
  /** The body, as text. */
  readonly body: string;
  /** `$input.params()`; empty for an answer. */
  readonly params: Readonly<Record<'path' | 'querystring' | 'header', Readonly<Record<string, string>>>>;
  /** `$context`. */
  readonly context: JsonRecord;
  /** `$stageVariables`. */
  readonly stageVariables: Readonly<Record<string, string>>;
}

/** The engine's part that is used. */
interface Velocity {
  render(
    template: string,
    context: Readonly<Record<string, unknown>>,
    macros: Readonly<Record<string, never>>,
    config: { readonly customMethodHandlers: readonly MethodHandler[] },
  ): string;
}

/** A method of Java that templates call. */
interface MethodHandler {
  readonly uid: string;
  match(call: { readonly property: string; readonly context: unknown }): boolean;
  resolve(call: { readonly context: unknown; readonly params: readonly unknown[] }): unknown;
}

/** `$text.matches("pattern")`, which CDK's answers to preflight requests use. */
const MATCHES: MethodHandler = {
  uid: 'matches',
  match: ({ property, context }) => property === 'matches' && typeof context === 'string',
  resolve: ({ context, params }) => new RegExp(`^(?:${asText(params[0])})$`).test(asText(context)),
};

/**
 * The engine, from the project or from here.
 * @throws LocalRunError when it is not installed
 */
export function velocity(): Velocity {
  const file = moduleFile('velocityjs');
  if (file !== undefined) return require(file) as Velocity;
  throw new LocalRunError("the mapping templates of an API need the package 'velocityjs'; run 'npm i -D velocityjs'");
}

/**
 * Evaluates a mapping template as API Gateway does.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 * @throws Error when the template fails
 */
export function evaluateTemplate(template: string, { body, params, context, stageVariables }: TemplateInput): string {
  const json = () => parseJson(body) ?? {};
  const value = (path: string) => jsonPath(path, json());
  const input = {
    body,
    params: (name?: string) =>
      name === undefined
        ? { path: withGet(params.path), querystring: withGet(params.querystring), header: withGet(params.header) }
        : (params.path[name] ?? params.querystring[name] ?? headerOf(params.header, name) ?? ''),
    json: (path: string) => JSON.stringify(value(path)) ?? '',
    path: value,
  };
  try {
    return velocity().render(
      template,
      { input, util: UTIL, context, stageVariables },
      {},
      { customMethodHandlers: [MATCHES] },
    );
  } catch (error) {
    throw new Error(`the mapping template failed: ${messageOf(error)}`);
  }
}

/** A map as templates read it: `$input.params().header.get("Origin")` gives empty text for what is not there. */
function withGet(values: Readonly<Record<string, string>>): object {
  return Object.defineProperty({ ...values }, 'get', { value: (name: string) => values[name] ?? '' });
}

const UTIL = {
  urlEncode: (text: unknown) => formEncoded(asText(text)),
  urlDecode: (text: unknown) => decodeURIComponent(asText(text).replaceAll('+', ' ')),
  base64Encode: (text: unknown) => Buffer.from(asText(text)).toString('base64'),
  base64Decode: (text: unknown) => Buffer.from(asText(text), 'base64').toString(),
  parseJson: (text: unknown) => parseJson(asText(text)),
  escapeJavaScript: (text: unknown) => escapedForScript(asText(text)),
};

function asText(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];
}

/** As `java.net.URLEncoder` does. */
function formEncoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** As Apache's `StringEscapeUtils.escapeEcmaScript` does: single quotes, too, which JSON does not take. */
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
