import { isList, isMap } from './select';
import { Choice, Reference, Text, Unknown, type Value } from './values';

/** How many bytes something takes, at least and at most. */
export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** Names and ARNs that AWS makes are shorter. */
const NAME = { min: 1, max: 256 };

/** `arn:aws:s3:::abc`, with an account and a region mostly. */
const ARN = { min: 16, max: 256 };

/** The longest value of a parameter. */
const OPEN = { min: 0, max: 4096 };

/** Pseudo parameters: `aws` to `aws-us-gov`, `eu-west-1` to `us-gov-east-1`. */
const PSEUDO: Readonly<Record<string, Extent>> = {
  'AWS::AccountId': { min: 12, max: 12 },
  'AWS::Partition': { min: 3, max: 10 },
  'AWS::Region': { min: 9, max: 14 },
  'AWS::StackId': { min: 60, max: 256 },
  'AWS::StackName': { min: 1, max: 128 },
  'AWS::URLSuffix': { min: 13, max: 20 },
};

/** How many bytes a value takes as JSON without white space; of a choice, the shorter one at least and the longer one at most. */
export function extentOf(value: Value | undefined): Extent {
  if (value === undefined) return { min: 0, max: 0 };
  if (value instanceof Choice) {
    const [then, otherwise] = [extentOf(value.then), extentOf(value.otherwise)];
    return { min: Math.min(then.min, otherwise.min), max: Math.max(then.max, otherwise.max) };
  }
  if (value instanceof Text) return sum([QUOTES, ...value.parts.map(inside)]);
  if (isList(value)) return sum([QUOTES, ...value.flatMap((item, index) => [extentOf(item), at(index > 0 ? 1 : 0)])]);
  if (isMap(value)) {
    const parts = Object.entries(value).map(([name, one]) =>
      sum([at(bytesOf(JSON.stringify(name)) + 1), extentOf(one)]),
    );
    return sum([QUOTES, ...parts, at(Math.max(0, parts.length - 1))]);
  }
  if (typeof value === 'object' && value !== null) return sum([QUOTES, inside(value)]);
  return at(bytesOf(JSON.stringify(value)));
}

/** The sum of extents. */
export function sum(extents: readonly Extent[]): Extent {
  return extents.reduce((one, other) => ({ min: one.min + other.min, max: one.max + other.max }), { min: 0, max: 0 });
}

/** Exactly so many bytes. */
export function at(bytes: number): Extent {
  return { min: bytes, max: bytes };
}

/** Both ends of a text, a list or a map. */
const QUOTES = at(2);

function inside(part: Value): Extent {
  if (typeof part === 'string') return at(bytesOf(JSON.stringify(part)) - 2);
  if (part instanceof Reference) return part.attribute === 'Arn' ? ARN : NAME;
  return (part instanceof Unknown && part.name !== undefined && PSEUDO[part.name]) || OPEN;
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
