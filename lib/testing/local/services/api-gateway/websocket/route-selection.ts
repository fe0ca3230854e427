import { isRecord, parseJson, text } from '../../../kernel/json';
import { named } from '../api-request';

const BODY = /^\$(\{)?request\.body\.([\w-]+(?:\.[\w-]+)*)(?:\})?$/;

/** Whether this run can evaluate a route selection expression. */
export function isSelectable(expression: string): boolean {
  return BODY.test(expression);
}

/**
 * The route key that a message selects; undefined if it selects none, as a message that is no JSON.
 * @param expression `$request.body.action`
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function selectedKey(expression: string, message: string): string | undefined {
  const path = BODY.exec(expression)?.[2]?.split('.') ?? [];
  let value: unknown = parseJson(message);
  for (const name of path) value = isRecord(value) ? named<unknown>(value, name) : undefined;
  return path.length === 0 ? undefined : text(value);
}
