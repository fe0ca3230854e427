import { isList, isMap } from '../model/select';
import type { Body, State } from './definition';
import { NOT_READ } from './expressions';
import type { Fault } from './field-faults';

/** Paths of a state in JSONPath that do not begin with `$`, and texts of JSONata that are not closed. */
export function shapeFaults(state: State, fault: Fault): readonly ReturnType<Fault>[] {
  return state.language === 'JSONata' ? unclosed(state.body, fault) : pathFaults(state.body, fault);
}

function unclosed(body: Body, fault: Fault): readonly ReturnType<Fault>[] {
  const walk = (value: unknown, place: readonly (string | number)[]): readonly ReturnType<Fault>[] => {
    if (typeof value === 'string') {
      return value.startsWith('{%') && !value.endsWith('%}')
        ? [fault('JSONata string must start with {% and end with %}', ...place)]
        : [];
    }
    if (isList(value)) return value.flatMap((one, index) => walk(one, [...place, index]));
    return isMap(value) ? Object.entries(value).flatMap(([name, one]) => walk(one, [...place, name])) : [];
  };
  return Object.entries(body)
    .filter(([field]) => !NOT_READ.includes(field))
    .flatMap(([field, value]) => walk(value, [field]));
}

const PATHS =
  /^(InputPath|OutputPath|ResultPath|ItemsPath|SecondsPath|TimestampPath|TimeoutSecondsPath|HeartbeatSecondsPath)$/;
const TEMPLATES = ['Parameters', 'ResultSelector', 'ItemSelector'];

function pathFaults(body: Body, fault: Fault): readonly ReturnType<Fault>[] {
  const paths = Object.entries(body).flatMap(([field, value]) => {
    if (!PATHS.test(field) || typeof value !== 'string') return [];
    if (!value.startsWith('$')) return [fault('Value must be a valid JSONPath.', field)];
    return field === 'ResultPath' && /[*?@]|\.\./.test(value) ? [fault('Value is not a Reference Path', field)] : [];
  });
  const walk = (value: unknown, place: readonly (string | number)[]): readonly ReturnType<Fault>[] => {
    if (isList(value)) return value.flatMap((one, index) => walk(one, [...place, index]));
    if (!isMap(value)) return [];
    return Object.entries(value).flatMap(([name, one]) =>
      name.endsWith('.$') && typeof one === 'string'
        ? /^(\$|States\.)/.test(one)
          ? []
          : [fault('The value must be a valid JSONPath or a valid intrinsic function call', ...place, name)]
        : walk(one, [...place, name]),
    );
  };
  return [...paths, ...TEMPLATES.flatMap((field) => walk(body[field], [field]))];
}
