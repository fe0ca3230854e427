import { isRecord, recordOf, type JsonObject } from '../../record';

/** Properties whose text SAM itself reads: it decides what is made. */
const READ_BY_SAM = ['Path', 'Method', 'Authorizer', 'DefaultAuthorizer'];

/**
 * A value with the defaults of parameters where SAM reads text, since SAM puts the values of parameters in before it expands.
 * A parameter without a default, or with several allowed values, stays a reference.
 * @param parameters the section of the template
 */
export function withDefaults(value: unknown, parameters: JsonObject): unknown {
  if (Array.isArray(value)) return value.map((item) => withDefaults(item, parameters));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      (READ_BY_SAM.includes(name) ? defaultOf(member, parameters) : undefined) ?? withDefaults(member, parameters),
    ]),
  );
}

function defaultOf(value: unknown, parameters: JsonObject): string | undefined {
  const { Ref: name, ...others } = recordOf(value);
  if (typeof name !== 'string' || Object.keys(others).length > 0 || !Object.hasOwn(parameters, name)) return undefined;
  const { Type: type, Default: text, AllowedValues: allowed } = recordOf(parameters[name]);
  const isOne = !Array.isArray(allowed) || allowed.length === 1;
  return type === 'String' && typeof text === 'string' && isOne ? text : undefined;
}
