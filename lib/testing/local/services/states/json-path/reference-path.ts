import { isRecord } from '../../../kernel/json';
import { StateFault } from '../engine/failure';
import { readPath } from './syntax';

/**
 * Sets the value at a reference path, creating objects along the way.
 * @throws StateFault when the path crosses a value without fields
 */
export function placed(path: string, into: unknown, value: unknown): unknown {
  const { steps } = readPath(path);
  const fail = (): never => {
    throw new StateFault(
      'States.ResultPathMatchFailure',
      `Unable to apply step "${path}" to input ${JSON.stringify(into)}`,
    );
  };
  const put = (target: unknown, depth: number): unknown => {
    const step = steps[depth];
    if (step === undefined) return value;
    if (step.kind === 'names') {
      const [name = ''] = step.names;
      if (target !== undefined && !isRecord(target)) return fail();
      return { ...target, [name]: put(target && Object.hasOwn(target, name) ? target[name] : undefined, depth + 1) };
    }
    const [index = 0] = step.kind === 'indexes' ? step.indexes : [];
    if (!Array.isArray(target) || index < 0 || index >= target.length) return fail();
    return target.map((item: unknown, at) => (at === index ? put(item, depth + 1) : item));
  };
  return put(into, 0);
}
