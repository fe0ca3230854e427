import type { OpenApiDocument, Problem } from '../../../core/openapi/document';
import type { Operation, Parameter } from '../../../core/openapi/operations';
import { isRecord, type JsonObject, recordOf } from '../../../core/record';
import { modelSchemaProblems } from '../model-schema';
import type { ValidateProps } from '../validate';
import { bodySchema } from './body-schema';
import type { LeftToHandlers } from './unenforced';

/** What a REST API validates in an operation, and why it cannot validate the rest. */
export interface Checked {
  readonly validate?: ValidateProps;
  readonly problems: readonly Problem[];
}

const LEAVE = "or check it in the handler, and declare that: leftToHandlers: ['bodies']";

/** What a REST API validates in an operation's requests, according to the document, unless left to the handlers. */
export function checkedBy(document: OpenApiDocument, operation: Operation, left: readonly LeftToHandlers[]): Checked {
  const problems: Problem[] = [];
  const body = operation.body && !left.includes('bodies') ? bodyOf(document.content, operation, problems) : undefined;
  const needed = left.includes('parameters') ? [] : operation.parameters.filter(({ required }) => required);
  const query = namesIn(needed, 'query');
  const headers = namesIn(needed, 'header');
  const validate = {
    ...(body && { body }),
    ...(query.length > 0 && { query }),
    ...(headers.length > 0 && { headers }),
  };
  return { ...(Object.keys(validate).length > 0 && { validate }), problems };
}

function namesIn(parameters: readonly Parameter[], place: string): string[] {
  return parameters.flatMap((one) => (one.in === place ? [one.name] : []));
}

function bodyOf(content: JsonObject, { key, body }: Operation, problems: Problem[]): JsonObject | undefined {
  const prop = `${key}.requestBody`;
  const { content: media, required } = body!;
  const types = Object.keys(recordOf(media));
  const refuse = (rule: string, remedy: string, value?: unknown) => {
    problems.push({ prop, value, rule, remedy: `${remedy}, ${LEAVE}` });
    return undefined;
  };
  const [type = ''] = types;
  if (types.length !== 1 || !/^application\/([\w.-]+\+)?json\b/i.test(type)) {
    return refuse(
      'must be JSON only, since a REST API validates every body against one schema',
      'describe only one',
      types,
    );
  }
  if (required !== true) {
    const rule = "must be 'required', since a REST API validates a missing body as {}";
    return refuse(rule, "write 'required: true'");
  }
  const { schema } = recordOf(recordOf(media)[type]);
  if (!isRecord(schema) || Object.keys(schema).length === 0) return refuse('must have a schema', 'describe it');
  const converted = bodySchema(content, schema);
  if (!converted) {
    return refuse('must not contain itself, which API Gateway models are not known to support', 'bound its depth');
  }
  // Drops undefined values.
  const plain = JSON.parse(JSON.stringify(converted)) as JsonObject;
  const wrong = modelSchemaProblems(plain);
  for (const { place, rule, remedy } of wrong) {
    problems.push({ prop: [prop, ...place].join('.'), rule, remedy: `${remedy}, ${LEAVE}` });
  }
  return wrong.length === 0 ? plain : undefined;
}
