import type * as cdk from 'aws-cdk-lib';
import { findAction, matchingActions } from '../core/iam/actions';
import { type AccessEntry, accessMatrix, type AccessMatrix } from '../access/matrix';
import { matrixText } from '../access/report/text';
import { ModelAccess } from '../core/iam/model-access';
import { displayName } from '../core/model/display';
import type { Model } from '../core/model/model';
import type { MatcherResult } from './matchers';
import { modelOf } from './model-of';
import { matchSnapshot } from './snapshot/match-snapshot';
import type { ModelSource } from './sources';

/** A construct, or its path; a resource may also be an ARN, a pattern or a path with what follows (`Shop/Orders/index/*`). */
export type AccessName = string | { readonly node: { readonly path: string } };

/** One action or several, as a policy names them. */
export type AccessActions = string | readonly string[];

const WIDTH = 120;

/**
 * Whether a principal is granted all of some actions on a resource, conditions left aside.
 * @throws Error when the principal, the resource or an action does not exist, or the templates do not tell
 */
export function toGrant(source: ModelSource, who: AccessName, actions: AccessActions, on: AccessName): MatcherResult {
  const question = new Asked(source, who, actions, on);
  const missing = question.missing();
  const granted = question.names.length - missing.length;
  return {
    pass: missing.length === 0,
    message: () =>
      missing.length === 0
        ? question.say(`not to be granted ${question.names.join(', ')}`, 'but it is')
        : question.say(
            `to be granted ${question.names.join(', ')}`,
            granted === 0 ? 'but it is granted none of it' : `but ${listed(missing)} missing`,
          ),
  };
}

/**
 * Whether a principal is granted some actions on a resource and no other action of its service, wildcards included.
 * @throws Error when the principal, the resource or an action does not exist, or the templates do not tell
 */
export function toGrantOnly(
  source: ModelSource,
  who: AccessName,
  actions: AccessActions,
  on: AccessName,
): MatcherResult {
  const question = new Asked(source, who, actions, on);
  const missing = question.missing();
  const more = question.more();
  const problems = [
    ...(missing.length > 0 ? [`${listed(missing)} missing`] : []),
    ...(more.length > 0 ? [`${listed(more)} granted too`] : []),
  ];
  return {
    pass: problems.length === 0,
    message: () =>
      problems.length === 0
        ? question.say(`not to be granted exactly ${question.names.join(', ')}`, 'but it is')
        : question.say(`to be granted exactly ${question.names.join(', ')}`, `but ${problems.join(' and ')}`),
  };
}

/**
 * Compares the access matrix with the stored snapshot of the test that runs.
 * @param hint tells several snapshots of one test apart
 */
export function toMatchAccessSnapshot(source: ModelSource, hint?: string): MatcherResult {
  return matchSnapshot(accessText(source), hint);
}

/** Who may do what, as text: of a stack, what its principals may do and who may use its resources. */
export function accessText(source: ModelSource): string {
  const { model, templates } = modelOf(source);
  return matrixText(within(accessMatrix(model), model, templates), { width: WIDTH, colour: false });
}

/** The entries of a matrix that concern some templates. */
function within(matrix: AccessMatrix, model: Model, templates: ReadonlySet<string> | undefined): AccessMatrix {
  if (!templates) return matrix;
  const own = [...model.resources.values()].filter(({ template }) => templates.has(template)).map(displayName);
  const concerns = ({ principal, resource }: AccessEntry) =>
    own.some((name) => name === principal.name || name === resource || resource.startsWith(`${name}/`));
  return { ...matrix, entries: matrix.entries.filter(concerns) };
}

/** A question about one principal and one resource, both resolved. */
class Asked {
  readonly names: readonly string[];
  private readonly access: ModelAccess;
  private readonly who: string;
  private readonly on: string;
  private readonly matrix: () => AccessMatrix;

  constructor(source: ModelSource, who: AccessName, actions: AccessActions, on: AccessName) {
    const { model } = modelOf(source);
    this.matrix = () => accessMatrix(model);
    this.access = ModelAccess.of(model);
    this.who = this.principal(pathOf(who, model));
    this.on = this.resource(pathOf(on, model));
    this.names = [actions].flat().flatMap((action) => namesOf(action));
  }

  /** The actions that are not granted. */
  missing(): readonly string[] {
    return this.names.filter((action) => {
      const { verdict, reasons } = this.access.allows(this.who, action, this.on);
      if (verdict !== 'unknown') return verdict === 'denied';
      throw new Error(`whether '${this.who}' is granted ${action} is unknown: ${reasons.join('; ')}`);
    });
  }

  /** The actions that are granted besides. */
  more(): readonly string[] {
    return [...this.access.actionsOn(this.who, this.on)].filter((name) => !this.names.includes(name)).sort();
  }

  /** The message of a matcher, with everything that the principal is granted. */
  say(expectation: string, found: string): string {
    const matrix = this.matrix();
    const entries = matrix.entries.filter(({ principal }) => principal.name === this.who);
    const granted =
      entries.length === 0
        ? 'It is granted nothing.'
        : matrixText({ ...matrix, unknownActions: [], entries }, { width: WIDTH, colour: false });
    return `expected '${this.who}' ${expectation} on '${this.access.names.show(this.on)}', ${found}\n\n${granted.trimEnd()}`;
  }

  private principal(path: string): string {
    const names = this.access.principals().map(({ name }) => name);
    const found = names.includes(path)
      ? [path]
      : [...new Set(names)].filter((name) => name.startsWith(`${path}/`) || name.endsWith(`/${path}`));
    if (found.length === 1) return found[0]!;
    // A function without grants is not in the matrix, but exists.
    const resource = this.access.below(path).find(({ type }) => type === 'AWS::Lambda::Function');
    if (found.length === 0 && resource) return displayName(resource);
    const choice = (found.length > 0 ? found : names).map((name) => `'${name}'`).sort();
    throw new Error(
      `'${path}' is ${found.length > 0 ? 'several principals' : 'no principal'} of these templates; name one of ${[...new Set(choice)].join(', ')}`,
    );
  }

  private resource(path: string): string {
    const pattern = this.access.pattern(path);
    if (pattern !== undefined) return pattern;
    const below = this.access.below(path);
    if (below.length === 1) return this.access.pattern(displayName(below[0]!))!;
    const choice = below.map((resource) => `'${displayName(resource)}'`).join(', ');
    throw new Error(
      `'${path}' is ${below.length > 0 ? `several resources (${choice}); name one of them` : 'no resource of these templates that has an ARN'}`,
    );
  }
}

/** The path of a construct; in a template without construct paths, the name derived from its logical id. */
function pathOf(name: AccessName, model: Model): string {
  if (typeof name === 'string') return name;
  const { path } = name.node;
  const resources = [...model.resources.values()];
  if (resources.some((resource) => displayName(resource) === path)) return path;
  const id = logicalIdOf(name);
  const resource = resources.find(({ logicalId }) => logicalId === id);
  return resource ? displayName(resource) : path;
}

function logicalIdOf({ node }: { readonly node: object }): unknown {
  if (!('defaultChild' in node)) return undefined;
  const { defaultChild: child } = node;
  if (typeof child !== 'object' || child === null || !('logicalId' in child) || !('stack' in child)) return undefined;
  return (child.stack as cdk.Stack).resolve(child.logicalId);
}

/** The actions that a pattern matches; an action that AWS does not have is a mistake in the test. */
function namesOf(pattern: string): readonly string[] {
  const names = /[*?]/.test(pattern) ? matchingActions(pattern).map(({ name }) => name) : [findAction(pattern)?.name];
  const known = names.filter((name) => name !== undefined);
  if (known.length === 0) throw new Error(`'${pattern}' is not an AWS action`);
  return known;
}

/** Names with their verb, long lists shortened: `a is`, `a, b are`. */
function listed(names: readonly string[]): string {
  const all = names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');
  return `${all} ${names.length === 1 ? 'is' : 'are'}`;
}
