import { CompiledConditions } from './conditions';
import type { RequestContext } from './context';
import { Pattern } from './pattern';
import { type Caller, entriesOf, exempts, naming, type Naming } from './principal-match';
import { listOf, type PolicyDocument, type Statement } from './policy';
import { and, type Finding, NO, YES } from './truth';
import { isRecord } from '../record';

/** A request, as a statement sees it. */
export interface Question {
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** An ARN, or `*` for an action without one. */
  readonly resource: string;
  /** The caller; undefined if not given. */
  readonly caller?: Caller;
  /** Whether a boundary is attached to the caller. */
  readonly bounded: boolean;
  /** The request's context; undefined if unknown. */
  readonly context?: RequestContext;
}

/** A statement's answer. */
export interface Answer {
  /** `Allow` or `Deny`; undefined when even that cannot be read. */
  readonly effect: 'Allow' | 'Deny' | undefined;
  /** How a resource policy names the caller; `direct` in other policies. */
  readonly naming: Naming;
  /** Whether the statement matches the request. */
  readonly finding: Finding;
}

/** The kind of a policy, which determines the required elements of its statements. */
export type PolicyKind = 'identity' | 'resource';

const NOTHING: Partial<Statement> = {};
const VERSIONS: readonly unknown[] = [undefined, '2008-10-17', '2012-10-17'];

/** A statement, validated once for repeated evaluation. */
export class CompiledStatement {
  /** What is wrong with it; a malformed statement is never judged. */
  readonly problem?: string;
  private readonly actions: readonly Pattern[];
  private readonly resources: readonly Pattern[];
  private readonly conditions: CompiledConditions;

  /**
   * @param name for a reader: `statement 'Read' of identity policy 1`
   * @param kind the kind of its policy
   */
  constructor(
    private readonly statement: Statement,
    private readonly name: string,
    kind: PolicyKind,
    version: PolicyDocument['Version'],
  ) {
    this.problem = problemOf(statement, kind, version);
    const { Action, NotAction, Resource, NotResource, Condition } = this.problem === undefined ? statement : NOTHING;
    const variables = version === '2012-10-17';
    this.actions = listOf(Action ?? NotAction).map((text) => new Pattern(text, 'text', { ignoreCase: true }));
    this.resources = listOf(Resource ?? NotResource).map(
      (text) => new Pattern(text, text === '*' ? 'text' : 'resource', { variables }),
    );
    this.conditions = new CompiledConditions(Condition, variables);
  }

  /** Whether the statement matches a request, and how. */
  ask(question: Question): Answer {
    if (this.problem !== undefined) return malformed(`${this.name} is malformed: ${this.problem}`, this.statement);
    const effect = this.statement.Effect;
    const principal = this.principal(question);
    const finding = and(this.action(question), principal.finding, this.resource(question));
    if (finding.truth === 'no') return { effect, naming: principal.naming, finding: NO };
    const judged = and(finding, this.conditions.judge(question.context));
    return { effect, naming: principal.naming, finding: { truth: judged.truth, reasons: [this.say(judged)] } };
  }

  private action({ action }: Question): Finding {
    const matches = this.actions.some((pattern) => pattern.test(action) === 'yes');
    return matches === (this.statement.Action !== undefined) ? YES : NO;
  }

  private resource({ resource, context }: Question): Finding {
    if (this.resources.length === 0) return YES;
    const negated = this.statement.NotResource !== undefined;
    const matches = this.resources.map((pattern) => ({ pattern, match: pattern.test(resource, context) }));
    if (matches.some(({ match }) => match === 'yes')) return negated ? NO : YES;
    const open = matches.find(({ match }) => match === 'maybe');
    if (open) return { truth: 'maybe', reasons: [`the resource is ${negated ? 'not ' : ''}'${open.pattern.text}'`] };
    // A variable without a value makes the statement invalid.
    return negated && !matches.some(({ match }) => match === 'unresolved') ? YES : NO;
  }

  private principal({ caller, bounded }: Question): { readonly naming: Naming; readonly finding: Finding } {
    const { Principal, NotPrincipal, Effect } = this.statement;
    const element = Principal ?? NotPrincipal;
    if (element === undefined) return { naming: 'direct', finding: YES };
    const names = entriesOf(element).map(([, name]) => `'${name}'`);
    if (!caller) {
      const everybody = Principal !== undefined && names.includes("'*'");
      const reasons = [`the caller is ${Principal === undefined ? 'not ' : ''}${names.join(' or ')}`];
      return { naming: 'direct', finding: everybody ? YES : { truth: 'maybe', reasons } };
    }
    if (NotPrincipal !== undefined) {
      // "will always deny any IAM principal that has a permissions boundary policy attached"
      const always = Effect === 'Deny' && bounded;
      return { naming: 'direct', finding: always || !exempts(NotPrincipal, caller) ? YES : NO };
    }
    const named = naming(element, caller);
    if (!named) return { naming: 'direct', finding: NO };
    const reasons = named.match === 'maybe' ? [`the session is ${names.join(' or ')}`] : [];
    return { naming: named.naming, finding: { truth: named.match, reasons } };
  }

  private say({ truth, reasons }: Finding): string {
    const verb = this.statement.Effect === 'Allow' ? 'allowed' : 'denied';
    if (truth === 'yes') return `${verb} by ${this.name}`;
    if (truth === 'maybe') return `${verb} by ${this.name} if ${reasons.join(' and ')}`;
    return `${this.name}: ${reasons.join('; ')}`;
  }
}

/** The answer of a statement that cannot be judged. */
export function malformed(reason: string, statement?: Statement): Answer {
  const effect = statement?.Effect === 'Allow' || statement?.Effect === 'Deny' ? statement.Effect : undefined;
  return { effect, naming: 'direct', finding: { truth: 'unknown', reasons: [reason] } };
}

/** The combined findings of one effect, and of certain namings if given. */
export function among(
  answers: readonly Answer[],
  expected: 'Allow' | 'Deny',
  ...namings: readonly Naming[]
): Finding[] {
  const relevant = answers.filter(
    ({ effect, naming }) =>
      (effect === expected || effect === undefined) && (namings.length === 0 || namings.includes(naming)),
  );
  return relevant.map(({ finding }) => finding);
}

/** What is wrong with a statement; undefined when it is well formed. */
export function problemOf(statement: Statement, kind: PolicyKind, version: unknown): string | undefined {
  if (!VERSIONS.includes(version)) return `there is no version '${String(version)}' of the policy language`;
  if (typeof statement !== 'object' || statement === null) return 'it is not an object';
  const { Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') return `'Effect' must be Allow or Deny`;
  if ((Action === undefined) === (NotAction === undefined))
    return `exactly one of 'Action' and 'NotAction' must be set`;
  if (Resource !== undefined && NotResource !== undefined) return `'Resource' and 'NotResource' exclude each other`;
  if (!areTexts(Action ?? NotAction))
    return `'${Action === undefined ? 'NotAction' : 'Action'}' must be a string, or a list of strings`;
  const resource = Resource === undefined ? NotResource : Resource;
  if (resource !== undefined && !areTexts(resource)) return `'Resource' must be a string, or a list of strings`;
  if (Condition !== undefined && !areConditions(Condition)) return `'Condition' must map operators to keys to values`;
  if (kind === 'identity') {
    if (resource === undefined) return `'Resource' is missing`;
    return Principal === undefined && NotPrincipal === undefined ? undefined : `it must not have a 'Principal'`;
  }
  if ((Principal === undefined) === (NotPrincipal === undefined)) {
    return `exactly one of 'Principal' and 'NotPrincipal' must be set`;
  }
  return isPrincipal(Principal ?? NotPrincipal) ? undefined : `'Principal' must be '*' or map types to names`;
}

/** IAM refuses an empty list; it does not mean everything. */
function areTexts(value: unknown): boolean {
  if (!Array.isArray(value)) return typeof value === 'string';
  return value.length > 0 && value.every((item) => typeof item === 'string');
}

function isPrincipal(value: unknown): boolean {
  return value === '*' || (isRecord(value) && Object.values(value).every(areTexts));
}

function areConditions(value: unknown): boolean {
  return (
    isRecord(value) &&
    Object.values(value).every(
      (keys) => isRecord(keys) && Object.values(keys).every((values) => [values].flat().every(isConditionValue)),
    )
  );
}

function isConditionValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
