import { isRecord } from '../../../kernel/json';
import { runtimeFault } from '../engine/failure';
import { callIntrinsic } from './intrinsics';
import { atPath, type PathData } from './path';

/**
 * Evaluates a path or an intrinsic function.
 * @param field the field's name for messages: `value.$`
 * @throws StateFault when a path leads nowhere
 */
export function valueOf(source: string, data: PathData, field: string): unknown {
  if (source.startsWith('States.')) return callIntrinsic(source, (path) => valueOf(path, data, field));
  const found = atPath(source, data);
  if ('value' in found) return found.value;
  const shown = JSON.stringify(source.startsWith('$$') ? data.context : data.input);
  throw runtimeFault(
    `The JSONPath '${source}' specified for the field '${field}' could not be found in the input '${shown}'`,
  );
}

/**
 * Evaluates a payload template: values of keys ending in `.$` are paths or intrinsic functions.
 * @throws StateFault when a path leads nowhere
 */
export function filled(template: unknown, data: PathData): unknown {
  if (Array.isArray(template)) return template.map((item: unknown) => filled(item, data));
  if (!isRecord(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$') && typeof value === 'string'
        ? [name.slice(0, -2), valueOf(value, data, name)]
        : [name, filled(value, data)],
    ),
  );
}
