/** A property value as rules and evaluators see it: a literal, or one of the classes below. */
export type Value = Scalar | readonly Value[] | ValueMap | Reference | Text | Choice | Unknown | Secret;

/** A literal. */
export type Scalar = string | number | boolean | null;

/** A plain object of values. */
export interface ValueMap {
  readonly [name: string]: Value;
}

/** Base of non-literal values; a quick way to tell them from maps. */
export abstract class Computed {}

/** A reference to a resource of the model (`Ref`, `Fn::GetAtt`, `ImportValue` inside one assembly, a Pulumi output). */
export class Reference extends Computed {
  /**
   * @param target the id of the resource in its model
   * @param attribute the attribute; absent for `Ref`
   */
  constructor(
    readonly target: string,
    readonly attribute?: string,
  ) {
    super();
  }
}

/** Text of several parts, at least one not literal (`Fn::Join`, `Fn::Sub`). */
export class Text extends Computed {
  /** @param parts in order; neighbouring literals are merged */
  constructor(readonly parts: readonly (string | Reference | Unknown | Secret)[]) {
    super();
  }
}

/** One of two values, by a condition decided at deployment (`Fn::If`). `undefined` is `AWS::NoValue`. */
export class Choice extends Computed {
  /** @param condition the name of the condition */
  constructor(
    readonly condition: string,
    readonly then: Value | undefined,
    readonly otherwise: Value | undefined,
  ) {
    super();
  }
}

/** A value that is known only at deployment. Never a reason to pass. */
export class Unknown extends Computed {
  /**
   * @param reason in words: `parameter 'Stage' has no default`
   * @param name the parameter or pseudo parameter, if it is one: `AWS::Region`
   * @param origin what it is computed from, for callers with concrete values
   * @param basis what else decides it, as text: two values are equal only if this is equal
   */
  constructor(
    readonly reason: string,
    readonly name?: string,
    readonly origin?: SplitText,
    readonly basis?: string,
  ) {
    super();
  }
}

/** `Fn::Split` of a text known only at deployment, and `Fn::Select` of one of its parts. */
export interface SplitText {
  /** The text. */
  readonly value: Value;
  /** The delimiter. */
  readonly delimiter: string;
  /** The index of the selected part; absent for the whole list. */
  readonly index?: number;
}

/** A secret, whose content is never shown: a dynamic reference, a `NoEcho` parameter, a Pulumi secret. */
export class Secret extends Computed {
  /** @param source where it comes from, without its content: `{{resolve:secretsmanager:...}}`, `parameter 'Password'` */
  constructor(readonly source: string) {
    super();
  }
}
