/**
 * Where a pattern stands: a rule of a bus or an archive, a filter of a pipe, a filter of a mapping of Lambda. Each takes a
 * part of one language.
 */
export type PatternPlace = 'bus' | 'pipe' | 'mapping';

/** What a pattern may compare with; `anything-but prefix` is `{ "anything-but": { "prefix": ... } }`. */
export type Operator =
  | '$or'
  | 'prefix'
  | 'prefix equals-ignore-case'
  | 'suffix'
  | 'suffix equals-ignore-case'
  | 'equals-ignore-case'
  | 'wildcard'
  | 'exists'
  | 'numeric'
  | 'cidr'
  | 'anything-but'
  | 'anything-but prefix'
  | 'anything-but suffix'
  | 'anything-but equals-ignore-case'
  | 'anything-but wildcard';

/** A place: what it is called, what it does not take, and where that is said. */
interface Grammar {
  readonly name: string;
  /** Operators that its page leaves out or says no to. */
  readonly lacks: readonly Operator[];
  /** Operators of which its page says neither. */
  readonly undocumented: readonly Operator[];
  readonly source: string;
}

const INVERSE: readonly Operator[] = [
  'anything-but prefix',
  'anything-but suffix',
  'anything-but equals-ignore-case',
  'anything-but wildcard',
];
const PAGE = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html';

/**
 * The three grammars, read on 2026-11-29. The table of EventBridge says for each operator whether pipes take it, and has no
 * row for `cidr`; that of Lambda lists what filters of event sources may compare with, without `cidr`, which samples of AWS use.
 */
export const GRAMMARS: Readonly<Record<PatternPlace, Grammar>> = {
  bus: { name: 'EventBridge', lacks: [], undocumented: [], source: PAGE },
  pipe: { name: 'Pipes', lacks: ['wildcard', ...INVERSE], undocumented: ['cidr'], source: PAGE },
  mapping: {
    name: 'Lambda',
    lacks: ['wildcard', 'prefix equals-ignore-case', 'suffix equals-ignore-case', ...INVERSE],
    undocumented: ['cidr'],
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html',
  },
};
