import type * as access from './access-matchers';
import type { ResourceGraph } from '../core/model/graph';
import type * as graphs from './graph-matcher';
import type { Rule } from '../rules/rule';
import type * as rulesMatcher from './rules-matcher';
import type * as snapshot from './snapshot/to-match-template-snapshot';
import type { ModelSource, TemplateSource } from './sources';

/** What a matcher returns to the test runner. */
export interface MatcherResult {
  /** Whether the value matches. */
  readonly pass: boolean;
  /** The message if the expectation does not hold. */
  readonly message: () => string;
}

/**
 * All matchers. `import 'lintel/testing'` adds them to a global `expect`, `addMatchers(expect)` to another. Each is loaded
 * when it is first used.
 */
export const matchers = {
  /** Judges a stack, an app, a template or a graph by the rules. */
  toPassRules(received: rulesMatcher.RulesSource, rules?: readonly Rule[]): MatcherResult {
    const { toPassRules } = require('./rules-matcher') as typeof rulesMatcher;
    return toPassRules(received, rules);
  },

  /** Compares the normalised template of a stack with the stored snapshot. */
  toMatchTemplateSnapshot(received: TemplateSource, hint?: string): MatcherResult {
    const { toMatchTemplateSnapshot } = require('./snapshot/to-match-template-snapshot') as typeof snapshot;
    return toMatchTemplateSnapshot(received, hint);
  },

  /** Compares the normalised graph of a Pulumi program with the stored snapshot. */
  toMatchGraphSnapshot(received: ResourceGraph, hint?: string): MatcherResult {
    const { toMatchGraphSnapshot } = require('./graph-matcher') as typeof graphs;
    return toMatchGraphSnapshot(received, hint);
  },

  /** Whether a principal is granted actions on a resource. */
  toGrant(
    received: ModelSource,
    who: access.AccessName,
    actions: access.AccessActions,
    on: access.AccessName,
  ): MatcherResult {
    const { toGrant } = require('./access-matchers') as typeof access;
    return toGrant(received, who, actions, on);
  },

  /** Whether a principal is granted exactly these actions on a resource. */
  toGrantOnly(
    received: ModelSource,
    who: access.AccessName,
    actions: access.AccessActions,
    on: access.AccessName,
  ): MatcherResult {
    const { toGrantOnly } = require('./access-matchers') as typeof access;
    return toGrantOnly(received, who, actions, on);
  },

  /** Compares the access matrix with the stored snapshot. */
  toMatchAccessSnapshot(received: ModelSource, hint?: string): MatcherResult {
    const { toMatchAccessSnapshot } = require('./access-matchers') as typeof access;
    return toMatchAccessSnapshot(received, hint);
  },
};
