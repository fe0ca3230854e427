import type { OpenApiDocument, Problem } from '../../../core/openapi/document';
import type { Operation, Parameter } from '../../../core/openapi/operations';
import { isRecord, recordOf } from '../../../core/record';
import type { ApiKind } from '../route-key';

/** What handlers do instead of the API. */
export type LeftToHandlers = 'bodies' | 'parameters' | 'callbacks';

/**
 * What a document declares that neither an API does nor is left to the handlers: validation of bodies and parameters, calls
 * to others, and API Gateway settings, which are props here.
 */
export function unenforced(
  document: OpenApiDocument,
  operations: readonly Operation[],
  left: readonly LeftToHandlers[],
  kind: ApiKind,
): Problem[] {
  const isRest = kind === 'rest';
  const isOpen = (parameter: Parameter) =>
    isChecked(isRest ? { ...parameter, required: isLost(parameter) } : parameter);
  const { content } = document;
  const say = (what: LeftToHandlers, prop: string, value: unknown, rule: string): Problem[] =>
    left.includes(what)
      ? []
      : [{ prop, value, rule, remedy: `check it in the handlers, and declare that: leftToHandlers: ['${what}']` }];
  const call = (prop: string, names: readonly string[]): Problem[] =>
    left.includes('callbacks') || names.length === 0
      ? []
      : [
          {
            prop,
            value: names,
            rule: 'must be called by the handlers, since the API makes no calls',
            remedy: "call them there, and declare that: leftToHandlers: ['callbacks']",
          },
        ];
  return [
    ...operations.flatMap(({ key, body, parameters, callbacks }) => [
      ...(body && !isRest
        ? say('bodies', `${key}.requestBody`, mediaOf(body), 'must not be given, since the API accepts any body')
        : []),
      ...(parameters.some(isOpen)
        ? say(
            'parameters',
            `${key}.parameters`,
            names(parameters.filter(isOpen)),
            isRest
              ? 'must be unconstrained text in the query, a header or the path, since the API checks only its presence'
              : 'must not be constrained, since the API checks no parameters',
          )
        : []),
      ...call(`${key}.callbacks`, callbacks),
    ]),
    ...call('webhooks', Object.keys(recordOf(content.webhooks))),
    ...extensions(content),
  ];
}

/** Whether a parameter needs checking: it is required, or not just any text. A path parameter is always present. */
function isChecked({ in: place, required, schema }: Parameter): boolean {
  const { type, ...more } = schema;
  const anyText =
    (type === undefined || type === 'string') && Object.keys(more).every((keyword) => SAYS_NOTHING.has(keyword));
  return (required && place !== 'path') || !anyText;
}

/** Whether a required parameter is where even a REST API does not look. */
function isLost({ in: place, required }: Parameter): boolean {
  return required && place !== 'query' && place !== 'header' && place !== 'path';
}

const SAYS_NOTHING = new Set(['title', 'description', 'example', 'examples', 'deprecated', 'externalDocs', 'default']);

function names(parameters: readonly Parameter[]): string[] {
  return parameters.map(({ name }) => name);
}

function mediaOf({ content }: object & { readonly content?: unknown }): string[] {
  return Object.keys(recordOf(content));
}

/** Read elsewhere: methods, and the authorizers that `security` replaces. */
const READ = new Set([
  'x-amazon-apigateway-any-method',
  'x-amazon-apigateway-authtype',
  'x-amazon-apigateway-authorizer',
]);

function extensions(content: object): Problem[] {
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    for (const [name, inner] of Object.entries(value)) {
      if (isRecord(value) && name.startsWith('x-amazon-apigateway-') && !READ.has(name)) found.add(name);
      else walk(inner);
    }
  };
  walk(content);
  return [...found].sort().map((name) => ({
    prop: name,
    rule: 'must not be given, since nothing reads it',
    remedy: 'remove it from the document; what it sets is a prop of the API, or of its route',
  }));
}
