import type { Body, Catcher, QueryLanguage } from '../../../../../core/asl/definition';
import type { JsonObject } from '../../../kernel/json';
import { jsonataData } from './jsonata-data';
import { jsonPathData } from './json-path-data';
import type { Visit } from './visit';

/** What a completed state passes on. */
export interface Completed {
  /** The input of the next state. */
  readonly output: unknown;
  readonly assigned?: JsonObject;
}

/** The result of a state; absent for states without one. */
export interface Result {
  /** A task's response, or the outputs of branches. */
  readonly value: unknown;
}

/** How a query language processes a state's data. */
export interface DataLanguage {
  /** The effective input: the input, or the selected part. */
  effective(visit: Visit): unknown;
  /** The input of a task, a branch or a Pass. */
  arguments(visit: Visit): Promise<unknown>;
  /**
   * An evaluated field; undefined if absent.
   * @param holder the part that has the field, if not the state itself
   */
  field(visit: Visit, name: string, holder?: Holder): Promise<unknown>;
  /** An evaluated template: an ItemSelector, or a reader's arguments. */
  template(visit: Visit, template: unknown, name: string): Promise<unknown>;
  /** What the state passes on after success. */
  completed(visit: Visit, result: Result | undefined, holder?: Holder): Promise<Completed>;
  /** What the state passes on to a catcher. */
  caught(visit: Visit, catcher: Catcher, output: JsonObject): Promise<Completed>;
}

/** A part of a state with its own fields. */
export interface Holder {
  readonly body: Body;
  /** Its name in messages: `Choices[1]`. */
  readonly name: string;
}

/** The data of a query language. */
export function dataOf(language: QueryLanguage): DataLanguage {
  return language === 'JSONata' ? jsonataData : jsonPathData;
}
