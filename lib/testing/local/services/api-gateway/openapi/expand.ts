import type { Deployed } from '../../../kernel/deployment';
import { isRecord, type JsonObject, text } from '../../../kernel/json';
import type { LocalContext } from '../../../kernel/service';
import type { Expansion } from './document';
import { expandHttp, expandTarget } from './http';
import { expandRest } from './rest';

/**
 * Adds everything that an API's OpenAPI document or target expands to (routes, integrations and so on) to the
 * deployment, as if the template had it.
 * @returns the API with the document's properties; undefined if the document is not available
 */
export function expandedApi(context: LocalContext, api: Deployed): Deployed | undefined {
  const { properties } = api;
  const expansion = expansionOf(api);
  if (!expansion) return properties.BodyS3Location === undefined && !hasBody(api) ? api : undefined;
  const refs = new Map<string, string>();
  for (const { type, id, properties: own } of expansion.parts) {
    const part = api.derive(type, id, filled(own, refs) as JsonObject);
    context.deployment.add(part);
    refs.set(id, part.ref);
  }
  return api.with({ ...properties, ...expansion.properties });
}

function expansionOf(api: Deployed): Expansion | undefined {
  const { Body, Target } = api.properties;
  const rest = api.type === 'AWS::ApiGateway::RestApi';
  if (isRecord(Body) && Object.keys(Body).length > 0) {
    return rest ? expandRest(Body, api.ref, api.attribute('RootResourceId') ?? '') : expandHttp(Body, api.ref);
  }
  return !rest && Target !== undefined ? expandTarget(api.properties, api.ref) : undefined;
}

/** Whether the template has a document, available or not. */
function hasBody({ resource }: Deployed): boolean {
  return resource.properties.Body !== undefined;
}

/** Replaces `${id}` in properties with the names of the parts created earlier. */
function filled(value: unknown, refs: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => filled(one, refs));
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, refs)]));
  const whole = text(value);
  if (typeof value !== 'string' || whole === undefined) return value;
  return whole.replace(/^(integrations\/)?\$\{(.+)\}$/s, (all, prefix: string | undefined, id: string) =>
    refs.has(id) ? `${prefix ?? ''}${refs.get(id)}` : all,
  );
}
