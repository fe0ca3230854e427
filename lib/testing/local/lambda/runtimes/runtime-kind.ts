import type { Deployed } from '../../kernel/deployment';
import { text } from '../../kernel/json';
import type { StartRuntime } from '../environment/runtime';
import type { Watchdog } from '../environment/watchdog';
import type { TaskFiles } from '../task-files';

/** Whose code a runtime runs. */
export interface RuntimeOwner {
  readonly deployed: Deployed;
  /** The whole environment of its process. */
  readonly variables: Readonly<Record<string, string>>;
  readonly files: TaskFiles;
}

/** Runtimes of one language. */
export interface RuntimeKind {
  /** Whether it runs functions with this runtime: `python3.13`. */
  readonly runs: (runtime: string) => boolean;
  /** Why it cannot run one here, given the folder of its code and those of its layers; undefined when it can. */
  readonly whyNot: (fn: Deployed, code: string, layers: readonly string[]) => string | undefined;
  /** What a run reports about the interpreter it uses: `Python 3.13.1`. */
  readonly runsOn: (runtime: string) => string;
  /** Variables that Lambda adds for it. */
  readonly variables: (files: Pick<TaskFiles, 'task' | 'opt'>, runtime: string) => Readonly<Record<string, string>>;
  readonly starter: (owner: RuntimeOwner, watchdog: Watchdog) => StartRuntime;
}

/** The runtime of a function: `nodejs22.x`. */
export function runtimeOf(fn: Deployed): string {
  return text(fn.properties.Runtime) ?? '';
}
