import { isRecord, type JsonObject, text } from '../../../kernel/json';
import { atPath, type PathData } from '../json-path/path';
import { placed } from '../json-path/reference-path';
import { filled, valueOf } from '../json-path/template';
import type { Body } from '../../../../../core/asl/definition';
import type { Completed, DataLanguage } from './data';
import { runtimeFault } from './failure';
import { contextOf, type Visit } from './visit';

/** Data of JSONPath states: `InputPath`, `Parameters`, `ResultSelector`, `ResultPath`, `OutputPath`, `Assign`. */
export const jsonPathData: DataLanguage = {
  effective: (visit) => chosen(visit.state.body.InputPath, visit.input, visit),
  arguments: async (visit) => {
    const { Parameters } = visit.state.body;
    const input = jsonPathData.effective(visit);
    return Parameters === undefined ? input : filled(Parameters, dataFor(visit, input));
  },
  field: async (visit, name, holder) => {
    const body = holder?.body ?? visit.state.body;
    const path = text(body[`${name}Path`]);
    return path === undefined ? body[name] : pathField(visit, `${name}Path`, path);
  },
  template: async (visit, template) => filled(template, dataFor(visit, jsonPathData.effective(visit))),
  completed: async (visit, result, holder) => {
    const { body } = visit.state;
    const { Assign } = holder?.body ?? body;
    const { ResultSelector } = body;
    const selected =
      result && ResultSelector !== undefined ? filled(ResultSelector, dataFor(visit, result.value)) : result?.value;
    const seen = result ? selected : jsonPathData.effective(visit);
    const output = result ? combined(body, visit.input, selected) : seen;
    return { output: chosen(body.OutputPath, output, visit), ...assigned(visit, Assign, seen) };
  },
  caught: async (visit, catcher, errorOutput) => ({
    output: combined(catcher.body, visit.input, errorOutput),
    ...assigned(visit, catcher.body.Assign, errorOutput),
  }),
};

/** The data that a state's paths resolve against. */
export function dataFor(visit: Visit, input: unknown): PathData {
  return { input, context: contextOf(visit), variables: visit.flowing.variables.all() };
}

/** Evaluates a path field; in a Fail state also an intrinsic function. */
function pathField(visit: Visit, name: string, path: string): unknown {
  const data = dataFor(visit, jsonPathData.effective(visit));
  if (['ErrorPath', 'CausePath'].includes(name)) return valueOf(path, data, name);
  const found = atPath(path, data);
  if ('value' in found) return found.value;
  if (['SecondsPath', 'TimestampPath'].includes(name)) {
    throw runtimeFault(`The ${name} parameter does not reference an input value: ${path}`);
  }
  throw runtimeFault(`Invalid path '${path}' : ${found.missing}`);
}

/** The part selected by `InputPath` or `OutputPath`. */
function chosen(path: unknown, value: unknown, visit: Visit): unknown {
  if (path === undefined) return value;
  if (path === null) return {};
  const found = atPath(text(path) ?? '$', dataFor(visit, value));
  if ('value' in found) return found.value;
  throw runtimeFault(`Invalid path '${text(path)}' : ${found.missing}`);
}

function combined({ ResultPath: path }: Body, input: unknown, result: unknown): unknown {
  if (path === null) return input;
  return path === undefined || path === '$' ? result : placed(text(path) ?? '$', input, result);
}

function assigned(visit: Visit, template: unknown, input: unknown): Pick<Completed, 'assigned'> {
  if (!isRecord(template)) return {};
  return { assigned: filled(template, dataFor(visit, input)) as JsonObject };
}
