import { read } from '../../core/model/read';
import type { LocalRun } from '../../testing/local/local-run';
import type { AssemblyState } from './assembly-state';
import { digestOf } from './digest';

/** The content of a template file, and of the code folders it names. @param run of it */
export function templateState(file: string, run: LocalRun): AssemblyState {
  const code = run.functions.flatMap((fn) => {
    const directory = run.codeOf(fn);
    return directory === undefined ? [] : [[fn, { directory, digest: digestOf(directory) }] as const];
  });
  return { shape: JSON.stringify([...read(file).resources.values()]), code: new Map(code) };
}
