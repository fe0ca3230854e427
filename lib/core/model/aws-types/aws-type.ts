import type { ValueMap } from '../values';

/** How a resource of Pulumi's AWS provider reads as the CloudFormation resource that it is, or is a part of. */
export interface AwsType {
  /** CloudFormation's type; of a part, that of the whole. */
  readonly type: string;
  /**
   * Inputs whose CloudFormation name is not the same with a capital first letter: from and to, dotted where they stand
   * deeper, lists left out. What is below is capitalised by itself.
   */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Inputs (by their CloudFormation name) that hold JSON as text where CloudFormation has an object. */
  readonly json?: readonly string[];
  /** Inputs (by their CloudFormation name) whose names inside are the user's. */
  readonly verbatim?: readonly string[];
  /** Inputs (by their CloudFormation name) that are one value where CloudFormation has a list. */
  readonly listed?: readonly string[];
  /** Outputs that are not the attribute of the same name with a capital; `''` is what `Ref` gives. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** What differs in more than names: given the properties as CloudFormation names them. */
  readonly shaped?: (properties: ValueMap) => ValueMap;
  /** Where CloudFormation has this as a part of another resource. */
  readonly partOf?: readonly PartOf[];
  /** Properties that CloudFormation has as a resource of their own. */
  readonly apart?: readonly Apart[];
}

/** A place in another resource. */
export interface PartOf {
  /** CloudFormation's type of the whole. */
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
  /** The type that the part reads as where the whole is none of the program's. Without one it is not read. */
  readonly otherwise?: string;
}

/** A property that CloudFormation has as a resource of its own. */
export interface Apart {
  readonly property: string;
  /** CloudFormation's type of that resource. */
  readonly type: string;
  /** What the property is called there. */
  readonly as: string;
  /** The property there that names this resource, as a list where `listed`. */
  readonly owner: string;
  readonly listed?: true;
}

/** Outputs of a type whose `Ref` is its name. */
export const NAME_IS_REF = { id: '', name: '' } as const;
