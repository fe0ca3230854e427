import type { Body, Catcher, QueryLanguage } from '../../../../../core/asl/definition';
import type { JsonRecord } from '../../../kernel/json';
import { jsonataData } from './jsonata-data';
import { jsonPathData } from './json-path-data';
import type { Visit } from './visit';

/** What a state hands on. */
export interface Completed {
  /** The input of the next state. */
  readonly output: unknown;
  readonly assigned?: JsonRecord;
}

/** Something that a state came to; absent for states that come to nothing. */
export interface Result {
  /** What a task answered, what branches gave. */
  readonly value: unknown;
}

/** How a query language reads and makes data of a state. */
export interface DataLanguage {
  /** What the state works on: the input, or the part that it chooses. */
  effective(visit: Visit): unknown;
  /** What a task, a branch or a Pass gets. */
  arguments(visit: Visit): Promise<unknown>;
  /**
   * A field, evaluated; undefined where the state has none.
   * @param holder what has the field, where it is not the state itself, with how it is named in messages
   */
  field(visit: Visit, name: string, holder?: Holder): Promise<unknown>;
  /** A template, filled in: of an ItemSelector, or the arguments of a reader. */
  template(visit: Visit, template: unknown, name: string): Promise<unknown>;
  /** What the state hands on when it has succeeded. */
  completed(visit: Visit, result: Result | undefined, holder?: Holder): Promise<Completed>;
  /** What the state hands on to a catcher. */
  caught(visit: Visit, catcher: Catcher, output: JsonRecord): Promise<Completed>;
}

/** A part of a state that has fields of its own. */
export interface Holder {
  readonly body: Body;
  /** As messages name it: `Choices[1]`. */
  readonly name: string;
}

/** The data of a query language. */
export function dataOf(language: QueryLanguage): DataLanguage {
  return language === 'JSONata' ? jsonataData : jsonPathData;
}
