import { moduleFile } from '../../../../engines/find';
import { LocalRunError } from '../../../kernel/errors';
import { callMethod, equal } from './methods';
import { isNothing, MISSING, toText, VtlMap } from './values';

/** A node of the parsed template: literal text, a directive, or a block of one with its body. */
type Node = string | TemplateNode | readonly Node[];

interface TemplateNode {
  readonly type: string;
  readonly id?: string | TemplateNode;
  readonly value?: unknown;
  readonly path?: readonly TemplateNode[];
  readonly args?: readonly TemplateNode[] | false;
  readonly equal?: readonly [TemplateNode, TemplateNode];
  readonly expression?: readonly TemplateNode[];
  readonly operator?: string;
  readonly condition?: TemplateNode;
  readonly to?: string;
  readonly from?: TemplateNode;
  readonly isEval?: boolean;
  readonly isRange?: boolean;
}

interface Macro {
  readonly parameters: readonly string[];
  readonly body: readonly Node[];
}

/** A method or property of `$input`, `$util` and the like, which are not Java values. */
export type Builtin = Readonly<Record<string, unknown>>;

const BREAK = Symbol('break');

/** The most iterations of a template in total: API Gateway allows 1,000 per loop. */
const TURNS = 1000;

/**
 * The parser, from the project or from Lintel.
 * @throws LocalRunError when it is not installed
 */
export function velocity(): { parse(template: string): readonly Node[] } {
  const file = moduleFile('velocityjs');
  if (file !== undefined) return require(file) as ReturnType<typeof velocity>;
  throw new LocalRunError("the mapping templates of an API need the package 'velocityjs'; run 'npm i -D velocityjs'");
}

/**
 * Evaluates a template of the Velocity Template Language, as API Gateway does.
 * @param variables the initial variables: values, and objects with functions for `$input` and `$util`
 * @param onMissing called for a condition on something missing in the JSON
 * @throws UnknownMethod, UnknownJsonPath for anything unsupported
 * @throws Error when the template is not valid
 */
export function render(
  template: string,
  variables: Readonly<Record<string, unknown>>,
  onMissing: () => void = () => undefined,
): string {
  return new Renderer(new Map(Object.entries(variables)), onMissing).text(velocity().parse(template));
}

class Renderer {
  private readonly macros = new Map<string, Macro>();

  constructor(
    private readonly scope: Map<string, unknown>,
    private readonly onMissing: () => void,
  ) {}

  text(nodes: readonly Node[]): string {
    return nodes.map((node) => this.node(node)).join('');
  }

  private node(node: Node): string {
    if (typeof node === 'string') return node;
    if (Array.isArray(node)) return this.block(node as readonly Node[]);
    const one = node as TemplateNode;
    switch (one.type) {
      case 'references':
        return toText(this.value(one));
      case 'set':
        this.assign(one.equal![0], this.value(one.equal![1]));
        return '';
      case 'raw':
        return String(one.value);
      case 'comment':
        return '';
      case 'macro_call':
        return this.macroCall(one);
      case 'break':
      case 'stop':
        throw BREAK;
      default:
        throw new Error(`the directive '#${one.type}' is not known`);
    }
  }

  private block(nodes: readonly Node[]): string {
    const [head, ...body] = nodes as readonly [TemplateNode, ...Node[]];
    switch (head.type) {
      case 'if':
        return this.conditional(nodes);
      case 'foreach':
        return this.loop(head, body);
      case 'macro':
        this.macros.set(String(head.id), {
          parameters: (head.args || []).map(({ id }) => String(id)),
          body,
        });
        return '';
      case 'define':
        this.scope.set(String(head.id), { toString: () => this.text(body) });
        return '';
      default:
        throw new Error(`the directive '#${head.type}' is not known`);
    }
  }

  private conditional(nodes: readonly Node[]): string {
    const isHead = (node: Node): node is TemplateNode =>
      typeof node === 'object' &&
      !Array.isArray(node) &&
      ['if', 'elseif', 'else'].includes((node as TemplateNode).type);
    let chosen: number | undefined;
    for (const [index, node] of nodes.entries()) {
      if (!isHead(node)) continue;
      if (chosen !== undefined) return this.text(nodes.slice(chosen + 1, index));
      if (node.type === 'else' || this.holds(node.condition!)) chosen = index;
    }
    return chosen === undefined ? '' : this.text(nodes.slice(chosen + 1));
  }

  private loop({ to = '', from }: TemplateNode, body: readonly Node[]): string {
    const over = this.value(from!);
    const items: readonly unknown[] = over instanceof Map ? [...over.values()] : Array.isArray(over) ? over : [];
    const before = [to, 'foreach', 'velocityCount'].map((name) => [name, this.scope.get(name)] as const);
    let made = '';
    for (const [index, item] of items.slice(0, TURNS).entries()) {
      const state = {
        index,
        count: index + 1,
        hasNext: index + 1 < items.length,
        first: index === 0,
        last: index + 1 === items.length,
      };
      this.scope.set(to, item);
      this.scope.set('foreach', new VtlMap(Object.entries(state)));
      this.scope.set('velocityCount', index + 1);
      try {
        made += this.text(body);
      } catch (error) {
        if (error !== BREAK) throw error;
        break;
      }
    }
    for (const [name, value] of before) this.scope.set(name, value);
    return made;
  }

  private macroCall({ id, args }: TemplateNode): string {
    const macro = this.macros.get(String(id));
    if (!macro) throw new Error(`there is no macro '#${String(id)}'`);
    const values = (args || []).map((arg) => this.value(arg));
    const before = macro.parameters.map((name) => [name, this.scope.get(name)] as const);
    for (const [index, name] of macro.parameters.entries()) this.scope.set(name, values[index]);
    const made = this.text(macro.body);
    for (const [name, value] of before) this.scope.set(name, value);
    return made;
  }

  private value(node: TemplateNode): unknown {
    switch (node.type) {
      case 'references':
        return (node.path ?? []).reduce<unknown>(
          (on, step) => this.step(on, step),
          this.scope.get(String(node.id)) ?? null,
        );
      case 'string':
        return node.isEval === true ? this.text(velocity().parse(String(node.value))) : String(node.value);
      case 'integer':
      case 'decimal':
        return Number(node.value);
      case 'bool':
        return node.value === 'null' ? null : node.value === 'true';
      case 'map':
        return new VtlMap(
          Object.entries(node.value as Readonly<Record<string, TemplateNode>>).map(([name, item]) => [
            name,
            this.value(item),
          ]),
        );
      case 'array':
        return this.list(node);
      case 'math':
        return this.math(node);
      default:
        throw new Error(`the expression '${node.type}' is not known`);
    }
  }

  private list({ value, isRange }: TemplateNode): unknown[] {
    const items = (value ?? []) as readonly (TemplateNode | string)[];
    const values = items.map((item) => (typeof item === 'string' ? Number(item) : this.value(item)));
    if (isRange !== true) return values;
    const [from = 0, to = 0] = values.map(Number);
    const count = Math.abs(to - from) + 1;
    return Array.from({ length: count }, (_, index) => from + index * Math.sign(to - from));
  }

  private step(on: unknown, step: TemplateNode): unknown {
    if (isNothing(on)) return null;
    if (step.type === 'method') {
      const args = (step.args || []).map((arg) => this.value(arg));
      const name = String(step.id);
      return isBuiltin(on) ? callBuiltin(on, name, args) : callMethod(on, name, args);
    }
    const name = step.type === 'index' ? this.value(step.id as TemplateNode) : step.id;
    return property(on, name);
  }

  private assign({ id, path = [] }: TemplateNode, value: unknown): void {
    const last = path.at(-1);
    if (!last) return void this.scope.set(String(id), value);
    const on = path.slice(0, -1).reduce<unknown>((one, step) => this.step(one, step), this.scope.get(String(id)));
    const name = last.type === 'index' ? this.value(last.id as TemplateNode) : last.id;
    if (on instanceof Map) on.set(toText(name), value);
    else if (Array.isArray(on)) on[Number(name)] = value;
    else throw new Error(`'${String(id)}.${path.map((step) => String(step.id)).join('.')}' cannot be set`);
  }

  private holds(node: TemplateNode): boolean {
    const value = this.value(node);
    if (value === MISSING) this.onMissing();
    return value !== null && value !== undefined && value !== false;
  }

  private math({ operator, expression = [] }: TemplateNode): unknown {
    const [left, right] = expression as readonly [TemplateNode, TemplateNode];
    if (operator === '&&') return this.holds(left) && this.holds(right);
    if (operator === '||') return this.holds(left) || this.holds(right);
    if (operator === 'not') return !this.holds(left);
    if (operator === 'parenthesis') return this.value(left);
    const [a, b] = [this.value(left), right && this.value(right)];
    switch (operator) {
      case '==':
        return equal(a, b);
      case '!=':
        return !equal(a, b);
      case '+':
        return typeof a === 'number' && typeof b === 'number' ? a + b : toText(a) + toText(b);
      case 'minus':
        return -Number(a);
    }
    if (typeof a !== 'number' || typeof b !== 'number') return null;
    switch (operator) {
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '/':
        return Number.isInteger(a) && Number.isInteger(b) ? (b === 0 ? null : Math.trunc(a / b)) : a / b;
      case '%':
        return b === 0 ? null : a % b;
      case '<':
        return a < b;
      case '<=':
        return a <= b;
      case '>':
        return a > b;
      case '>=':
        return a >= b;
      default:
        throw new Error(`the operator '${operator}' is not known`);
    }
  }
}

function isBuiltin(value: unknown): value is Builtin {
  return typeof value === 'object' && value !== null && !(value instanceof Map) && !Array.isArray(value);
}

function callBuiltin(on: Builtin, name: string, args: readonly unknown[]): unknown {
  const method = Object.hasOwn(on, name) ? on[name] : undefined;
  if (typeof method !== 'function') throw new Error(`there is no function '${name}'`);
  return (method as (...given: readonly unknown[]) => unknown)(...args);
}

function property(on: unknown, name: unknown): unknown {
  if (on instanceof VtlMap) return on.get(toText(name)) ?? (on.ofJson ? MISSING : null);
  if (Array.isArray(on)) {
    if (name === 'empty') return on.length === 0;
    return (on as unknown[])[Number(name)] ?? MISSING;
  }
  if (isBuiltin(on) && Object.hasOwn(on, String(name))) return on[String(name)];
  return typeof on === 'string' && name === 'empty' ? on === '' : null;
}
