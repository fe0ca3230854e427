import { type Comparison, MalformedValue, type Operator, OPERATORS } from './condition-operators';
import type { RequestContext } from './context';
import type { Match } from './pattern';
import { type Conditions, listOf } from './policy';
import { and, type Finding, type Truth } from './truth';

/** The quantifier, the name and `IfExists` of an operator. */
export const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/** A compiled condition on one context key. */
interface KeyTest {
  /** In words: `aws:SourceAccount is '111111111111'`. */
  readonly words: string;
  readonly judge: (context: RequestContext) => Match | 'unknown';
}

/**
 * The `Condition` of a statement. Operators and keys must all hold; of several values any must, and of a negated
 * operator's values none may.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export class CompiledConditions {
  /** In words. */
  readonly words: readonly string[];
  private readonly tests: readonly KeyTest[];
  /** What is wrong with it, in sentences; a malformed condition is never judged. */
  readonly problems: readonly string[];

  /** @param variables whether `${...}` in a value is a policy variable */
  constructor(conditions: Conditions | undefined, variables: boolean) {
    const problems: string[] = [];
    this.tests = Object.entries(conditions ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).flatMap(([key, values]) => {
        try {
          return [compile(operator, key, listOf(values).map(String), variables)];
        } catch (error) {
          if (!(error instanceof MalformedValue)) throw error;
          problems.push(`condition '${operator}' on '${key}' cannot be judged: ${error.message}`);
          return [];
        }
      }),
    );
    this.problems = problems;
    this.words = this.tests.map(({ words }) => words);
  }

  /** Judges a request; without a context, any condition is `maybe`. */
  judge(context: RequestContext | undefined): Finding {
    const malformed = this.problems.map((problem): Finding => ({ truth: 'unknown', reasons: [problem] }));
    if (!context) return and(...malformed, ...this.tests.map(({ words }) => finding('maybe', words)));
    return and(...malformed, ...this.tests.map(({ words, judge }) => finding(truthOf(judge(context)), words)));
  }
}

/** A variable without a value invalidates the whole statement, which then matches nothing. */
function truthOf(match: Match | 'unknown'): Truth {
  return match === 'unresolved' ? 'no' : match;
}

function finding(truth: Truth, words: string): Finding {
  return { truth, reasons: [truth === 'unknown' ? `AWS does not define whether ${words} for several values` : words] };
}

function compile(operator: string, key: string, values: readonly string[], variables: boolean): KeyTest {
  const [, quantifier, name = '', ifExists] = OPERATOR.exec(operator) ?? [];
  if (name === 'Null' && !quantifier && !ifExists) return nullTest(key, values);
  const known = OPERATORS.get(name);
  if (!known) throw new MalformedValue(`there is no operator '${operator}'`);
  const comparisons = values.map((value) => known.compile(value, variables));
  const words = `${inWords(quantifier)}${key} ${known.words} ${oneOf(values)}${ifExists ? ', where it is present' : ''}`;
  return { words, judge: (context) => judge(context, key, { known, comparisons, quantifier, ifExists: !!ifExists }) };
}

interface Compiled {
  readonly known: Operator;
  readonly comparisons: readonly Comparison[];
  readonly quantifier: string | undefined;
  readonly ifExists: boolean;
}

function judge(context: RequestContext, key: string, compiled: Compiled): Match | 'unknown' {
  const { known, comparisons, quantifier, ifExists } = compiled;
  const present = context.get(key);
  if (present === undefined && ifExists) return 'yes';
  const holds = (value: string) => one(value, comparisons, known.negated, context);
  if (quantifier) {
    const values = isEmpty(present) ? [] : present!;
    return quantifier === 'ForAllValues' ? every(values.map(holds)) : some(values.map(holds));
  }
  if (present === undefined || present.length === 0) return known.negated ? 'yes' : 'no';
  if (present.length === 1) return holds(present[0]!);
  // EventBridge's examples show that several values match nothing without ForAllValues or ForAnyValue; a negated
  // operator's behaviour is undocumented.
  return known.negated ? 'unknown' : 'no';
}

/** Compares one request value with all policy values: OR, or NOR for a negated operator. */
function one(value: string, comparisons: readonly Comparison[], negated: boolean, context: RequestContext): Match {
  const matches = comparisons.map((comparison) => comparison(value, context));
  if (matches.includes('yes')) return negated ? 'no' : 'yes';
  if (matches.includes('unresolved')) return 'unresolved';
  return negated ? 'yes' : 'no';
}

function every(matches: readonly Match[]): Match {
  return matches.find((match) => match !== 'yes') ?? 'yes';
}

function some(matches: readonly Match[]): Match {
  return matches.includes('yes') ? 'yes' : (matches.find((match) => match === 'unresolved') ?? 'no');
}

/** For a set operator and for `Null`, an empty string is not a value. */
function isEmpty(values: readonly string[] | undefined): boolean {
  return values === undefined || values.every((value) => value === '');
}

function nullTest(key: string, values: readonly string[]): KeyTest {
  const expected = values.map((value) => value.toLowerCase());
  if (expected.some((value) => value !== 'true' && value !== 'false')) {
    throw new MalformedValue(`'Null' takes true or false`);
  }
  return {
    words: `${key} is ${expected.map((value) => (value === 'true' ? 'absent' : 'present')).join(' or ')}`,
    judge: (context) => (expected.includes(String(isEmpty(context.get(key)))) ? 'yes' : 'no'),
  };
}

function inWords(quantifier: string | undefined): string {
  if (quantifier === 'ForAllValues') return 'every value of ';
  return quantifier === 'ForAnyValue' ? 'a value of ' : '';
}

function oneOf(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(' or ') || 'one of no values';
}
