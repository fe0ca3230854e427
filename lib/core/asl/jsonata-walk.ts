import { isList, isMap } from '../model/select';
import type { JsonataReading } from './jsonata';

/** Something in an expression. */
export interface Found {
  /** The name, without the dollar sign; an operator or wildcard as it is written. */
  readonly name: string;
  /** The offset of its end. */
  readonly position: number;
}

/** A parser node, with fields missing in its types. */
type Node = Readonly<Record<string, unknown>>;

/** The names bound in an expression's scope. */
interface Scope {
  readonly names: Set<string>;
  /** Bound anywhere in enclosing blocks: visible in a function's body, which runs later. */
  readonly later: ReadonlySet<string>;
  /** Whether names refer to an item: inside a path, a filter, a sort. */
  readonly item: boolean;
}

type Draft = { -readonly [K in keyof JsonataReading]: JsonataReading[K][number][] };

/** Reads the tree of an expression. */
export function walkJsonata(ast: unknown, source: string): JsonataReading {
  const draft: Draft = { variables: [], bound: [], functions: [], topLevel: [], root: [], newer: [] };
  new Walk(draft, source).visit(ast, { names: new Set(), later: boundIn([ast]), item: false });
  return draft;
}

class Walk {
  constructor(
    private readonly draft: Draft,
    private readonly source: string,
  ) {}

  visit(value: unknown, scope: Scope): void {
    if (isList(value)) for (const item of value) this.visit(item, scope);
    if (!isMap(value)) return;
    const node: Node = value;
    switch (node.type) {
      case 'path':
        return this.path(node, scope);
      case 'variable':
        this.variable(node, [], scope);
        return this.after(node, scope);
      case 'name':
      case 'wildcard':
      case 'descendant':
        if (!scope.item) this.draft.topLevel.push(found(node));
        return this.after(node, scope);
      case 'bind':
        return this.bind(node, scope);
      case 'block':
        return this.block(node, scope);
      case 'lambda':
        return this.lambda(node, scope);
      case 'function':
      case 'partial':
        return this.call(node, scope);
      case 'condition':
        this.newer(node);
        break;
      case 'transform':
        return this.children(node, { ...scope, item: true });
    }
    this.children(node, scope, ['predicate', 'stages', 'group']);
    this.after(node, scope);
  }

  /** The first step reads in the path's scope; the others read its items. */
  private path(node: Node, scope: Scope): void {
    const steps = isList(node.steps) ? node.steps.filter(isMap) : [];
    let inner: Scope = { ...scope, names: new Set(scope.names) };
    const [first] = steps;
    if (first?.type === 'variable') this.variable(first, followed(steps), scope);
    for (const [index, step] of steps.entries()) {
      if (index === 0 && first?.type === 'variable') this.after(step, inner);
      else this.visit(step, inner);
      for (const name of [step.focus, step.index]) if (typeof name === 'string') inner.names.add(name);
      for (const stage of isList(step.stages) ? step.stages.filter(isMap) : []) {
        if (stage.type === 'index') inner.names.add(String(stage.value));
      }
      inner = { ...inner, item: true };
    }
    this.after(node, inner);
  }

  /** Filters and groupings, which read items. */
  private after(node: Node, scope: Scope): void {
    const items = { ...scope, item: true };
    for (const field of ['predicate', 'stages', 'group']) this.visitLoose(node[field], items);
  }

  private variable(node: Node, path: readonly string[], { names, item }: Scope): void {
    const { name, position } = found(node);
    if (name === '$') this.draft.root.push({ name, position });
    else if (name === '') {
      if (!item) this.draft.topLevel.push({ name: '$', position });
    } else if (!names.has(name)) this.draft.variables.push(Object.assign({ name, position }, { path }));
  }

  private bind(node: Node, scope: Scope): void {
    this.visit(node.rhs, scope);
    const target = found(isMap(node.lhs) ? node.lhs : {});
    this.draft.bound.push(target);
    scope.names.add(target.name);
  }

  private block(node: Node, scope: Scope): void {
    const expressions = isList(node.expressions) ? node.expressions : [];
    const later = new Set([...scope.later, ...boundIn(expressions)]);
    this.visit(expressions, { ...scope, names: new Set(scope.names), later });
    this.after(node, scope);
  }

  private lambda(node: Node, scope: Scope): void {
    const given = (isList(node.arguments) ? node.arguments : []).filter(isMap).map((one) => found(one).name);
    this.visit(node.body, { ...scope, names: new Set([...scope.names, ...scope.later, ...given]) });
  }

  private call(node: Node, scope: Scope): void {
    const procedure = isMap(node.procedure) ? node.procedure : {};
    const called = found(procedure);
    if (procedure.type !== 'variable') this.visit(procedure, scope);
    else if (!scope.names.has(called.name)) this.draft.functions.push(called);
    this.visit(node.arguments, scope);
    this.after(node, scope);
  }

  /** The parser turns them into conditions: the source text reveals them. */
  private newer(node: Node): void {
    const { position } = found(node);
    const name = this.source.slice(position - 2, position);
    if (name === '??' || name === '?:') this.draft.newer.push({ name, position });
  }

  private children(node: Node, scope: Scope, without: readonly string[] = []): void {
    for (const [field, value] of Object.entries(node)) if (!without.includes(field)) this.visitLoose(value, scope);
  }

  /** Parts that are not nodes but contain some. */
  private visitLoose(value: unknown, scope: Scope): void {
    if (isList(value)) for (const item of value) this.visitLoose(item, scope);
    else if (isMap(value) && typeof value.type === 'string') this.visit(value, scope);
    else if (isMap(value)) this.children(value, scope);
  }
}

/** The names bound by the expressions of a block. */
function boundIn(expressions: readonly unknown[]): Set<string> {
  const names = expressions
    .filter(isMap)
    .filter(({ type }) => type === 'bind')
    .map(({ lhs }) => found(isMap(lhs) ? lhs : {}).name);
  return new Set(names);
}

/** The fields read from a path's first step, up to the first filtered one. */
function followed(steps: readonly Node[]): readonly string[] {
  const path: string[] = [];
  for (const [index, { type, value, predicate, stages }] of steps.entries()) {
    if (index > 0 && (type !== 'name' || typeof value !== 'string')) break;
    if (index > 0) path.push(String(value));
    if (predicate !== undefined || stages !== undefined) break;
  }
  return path;
}

function found(node: Node): Found {
  return { name: String(node.value ?? ''), position: typeof node.position === 'number' ? node.position : 0 };
}
