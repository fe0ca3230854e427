import type { ValueMap } from '../values';

/** How a resource of Pulumi's AWS provider maps to a CloudFormation resource, or to a part of one. */
export interface AwsType {
  /** The CloudFormation type; for a part, that of the whole. */
  readonly type: string;
  /**
   * Inputs whose CloudFormation name differs by more than a capital first letter: from and to, as dotted paths without
   * list indexes. Everything below is capitalised automatically.
   */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Inputs (by CloudFormation name) with JSON text where CloudFormation has an object. */
  readonly json?: readonly string[];
  /** Inputs (by CloudFormation name) with user-defined keys. */
  readonly verbatim?: readonly string[];
  /** Inputs (by CloudFormation name) with a single value where CloudFormation has a list. */
  readonly listed?: readonly string[];
  /** Outputs that do not map to the attribute of the same capitalised name; `''` is what `Ref` gives. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Converts what differs in more than names; gets the properties under CloudFormation's names. */
  readonly shaped?: (properties: ValueMap) => ValueMap;
  /** The places in other resources where CloudFormation has this. */
  readonly partOf?: readonly PartOf[];
  /** Properties that are separate resources in CloudFormation. */
  readonly apart?: readonly Apart[];
}

/** A place in another resource. */
export interface PartOf {
  /** The CloudFormation type of the whole. */
  readonly type: string;
  /** The property of the part that names the whole, by reference, name, ARN or URL; one or a list of them. */
  readonly by: string;
  /** The place in the whole, dotted; empty for the whole itself. */
  readonly at: string;
  /**
   * The property of the part that is put there.
   * @default - all but `by`
   */
  readonly take?: string;
  /** Whether it is added to a list. */
  readonly append?: true;
  /** The type to read the part as if the whole is not in the program. Without one, it is not read. */
  readonly otherwise?: string;
}

/** A property that is a separate resource in CloudFormation. */
export interface Apart {
  readonly property: string;
  /** The CloudFormation type of that resource. */
  readonly type: string;
  /** The property's name there. */
  readonly as: string;
  /** The property there that names this resource, as a list where `listed`. */
  readonly owner: string;
  readonly listed?: true;
}

/** Outputs of a type whose `Ref` is its name. */
export const NAME_IS_REF = { id: '', name: '' } as const;
