import type { BindingOptions, EngineWorker } from '../../engines/engine-worker';
import { LocalRunError } from '../../local/kernel/errors';
import type { GraphBinding } from '../bindings/binding-kind';
import type { LocalGraph, LocalResource } from '../local-graph';
import { modelOptions } from '../models/model-worker';
import { ScriptedModel } from '../models/scripted-model';
import { ownWorker } from '../own-worker';
import { type Fake, fakeService } from './fake-service';
import { isData, pack } from './packed';

/** The fakes of a run. */
export interface Fakes {
  /** The Workers that create the bindings. */
  readonly workers: EngineWorker[];
  /** Options for a replaced binding; undefined for all others. */
  optionsFor(script: LocalResource, binding: GraphBinding): BindingOptions | undefined;
}

/**
 * Prepares a test's replacements for bindings.
 * @param given by the name of the binding, or `<component>.<name>` where two Workers differ
 * @throws LocalRunError when no Worker of the program has such a binding
 */
export function fakesOf(graph: LocalGraph, given: Readonly<Record<string, Fake>>): Fakes {
  const scripts = graph.ofKind('WorkersScript');
  const names = scripts.flatMap((script) => bindingsOf(script).flatMap((binding) => namesOf(script, binding)));
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const all = [...new Set(names.filter((name) => !name.includes('.')))].join(', ') || 'none';
    throw new LocalRunError(`no Worker has a binding '${unknown.join("', '")}'; there are ${all}`);
  }
  const workers: EngineWorker[] = [];
  return {
    workers,
    optionsFor(script, binding) {
      const name = namesOf(script, binding).find((each) => Object.hasOwn(given, each));
      if (name === undefined) return undefined;
      const fake = typeof given[name] === 'function' ? { fetch: given[name] } : given[name]!;
      const id = `${script.path}.${binding.name}`;
      if (fake instanceof ScriptedModel) return modelOptions(binding.name, id, fake, graph, workers);
      if (isData(fake)) return { bindings: { [binding.name]: fake } };
      return fakeOptions(binding.name, fake, id, workers);
    },
  };
}

/** Options for a binding backed by an object of the test. */
export function fakeOptions(name: string, fake: Fake, id: string, workers: EngineWorker[]): BindingOptions {
  const scriptName = `lintel-fake-${id}`;
  workers.push({
    name: scriptName,
    ...ownWorker('fake'),
    serviceBindings: { NODE: fakeService(fake) },
    bindings: { DATA: pack({ ...Object(fake) }) },
  });
  return { wrappedBindings: { [name]: { scriptName } } };
}

function bindingsOf({ inputs }: LocalResource): readonly GraphBinding[] {
  return (inputs.bindings ?? []) as readonly GraphBinding[];
}

/** The names of a binding, the more specific first. */
function namesOf({ name, parent = name }: LocalResource, binding: GraphBinding): readonly string[] {
  return [`${parent}.${binding.name}`, binding.name];
}
