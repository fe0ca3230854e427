import { AssertionError } from 'node:assert';
import type * as access from './access-matchers';
import type * as graphs from './graph-matcher';
import { matchers } from './matchers';
import type { LintelMatchers } from './register';
import type * as normalize from './snapshot/normalize';
import type * as templates from './snapshot/template-of';
import type { TemplateSource } from './sources';

/** The assertions that can be negated: all but snapshots. */
type Judgement = 'toPassRules' | 'toGrant' | 'toGrantOnly';

/** The matchers as plain assertions, which throw an `AssertionError`. */
export interface LintelAssertions extends Pick<LintelMatchers<void>, Judgement> {
  /** Negates the assertion. */
  readonly not: Pick<LintelMatchers<void>, Judgement>;

  /** Compares the normalised template with the stored snapshot of the test. */
  toMatchTemplateSnapshot(): void;

  /** Compares the normalised graph of a Pulumi program with the stored snapshot of the test. */
  toMatchGraphSnapshot(): void;

  /** Compares who may do what with the stored snapshot of the test. */
  toMatchAccessSnapshot(): void;
}

/** The context that `node:test` gives to a test. Its `assert.snapshot` exists since Node.js 22.3. */
export type SnapshotContext = object;

/** The snapshot functions that `node:test` gives to a test. */
interface Snapshots {
  snapshot(value: unknown, options: { readonly serializers: readonly ((value: never) => string)[] }): void;
}

/**
 * The matchers for `node:test`, or for any runner without an `expect` to extend.
 * @param value what `expect(...)` takes
 * @param context of the test; only snapshots need it
 * @throws AssertionError when it does not hold
 * @example
 * assertThat(stack).toPassRules();
 * assertThat(stack).not.toGrant(handler, 'dynamodb:Scan', table);
 * @example
 * test('keeps its template', (t) => assertThat(stack, t).toMatchTemplateSnapshot());
 */
export function assertThat(value: unknown, context?: SnapshotContext): LintelAssertions {
  const keep = (made: () => unknown) => snapshotsOf(context).snapshot(made(), { serializers: [asText] });
  return {
    ...judgements(value, true),
    not: judgements(value, false),
    toMatchTemplateSnapshot: () =>
      keep(() => {
        const { normalizeTemplate } = require('./snapshot/normalize') as typeof normalize;
        const { templateOf } = require('./snapshot/template-of') as typeof templates;
        return normalizeTemplate(templateOf(value as TemplateSource));
      }),
    toMatchGraphSnapshot: () =>
      keep(() => {
        const { normalizeGraph } = require('./graph-matcher') as typeof graphs;
        return normalizeGraph(value as Parameters<typeof normalizeGraph>[0]);
      }),
    toMatchAccessSnapshot: () =>
      keep(() => {
        const { accessText } = require('./access-matchers') as typeof access;
        return accessText(value as Parameters<typeof accessText>[0]);
      }),
  };
}

function judgements(value: unknown, expected: boolean): Pick<LintelMatchers<void>, Judgement> {
  const says =
    <Name extends Judgement>(name: Name) =>
    (...args: Parameters<LintelMatchers<void>[Name]>): void => {
      const judge = matchers[name] as (
        received: unknown,
        ...args: readonly unknown[]
      ) => ReturnType<(typeof matchers)[Name]>;
      const { pass, message } = judge(value, ...args);
      if (pass === expected) return;
      throw new AssertionError({ message: message(), operator: name });
    };
  return { toPassRules: says('toPassRules'), toGrant: says('toGrant'), toGrantOnly: says('toGrantOnly') };
}

function snapshotsOf(context: SnapshotContext | undefined): Snapshots {
  if (context === undefined)
    throw new Error("a snapshot needs the context of its test; say assertThat(stack, t) in test('...', (t) => ...)");
  const { assert } = context as { assert?: Partial<Snapshots> };
  if (typeof assert?.snapshot === 'function') return assert as Snapshots;
  throw new Error(
    `the snapshots of node:test need Node.js 22.3, this is ${process.version}; run a newer one, or compare normalizeTemplate() yourself`,
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
