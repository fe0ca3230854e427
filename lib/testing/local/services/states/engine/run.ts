import type { JsonObject } from '../../../kernel/json';
import type { JsonataEvaluator } from '../jsonata/evaluator';
import type { History } from './history';
import type { ServiceTime } from '../../../kernel/service-time';
import type { TaskRunner } from './tasks';
import type { MapRunner } from './distributed-map';

/** A running execution, as seen by its states. */
export interface Run {
  readonly history: History;
  /** `Execution` and `StateMachine` of the context object. */
  readonly context: JsonObject;
  readonly time: ServiceTime;
  readonly jsonata: JsonataEvaluator;
  readonly tasks: TaskRunner;
  /** Runs the items of distributed maps. */
  readonly maps: MapRunner;
  /** Whether it is an Express execution. */
  readonly express: boolean;
}
