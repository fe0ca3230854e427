/** Unique variable names. */
export class Names {
  private readonly taken = new Set(RESERVED);

  /** @param construct path of the construct in which the names are used */
  constructor(private readonly construct: string) {}

  /** The modules of an import are names, too. */
  reserve(names: Iterable<string>): void {
    for (const name of names) this.taken.add(name);
  }

  /**
   * A name derived from an element's path: `handlerRole` for `Shop/Ingest/Handler/Role/Resource`.
   * @param fallback if the element is the construct itself: `queue`
   */
  after(path: string, fallback: string, suffix = ''): string {
    const words = `${this.wordsOf(path) || upperFirst(fallback)}${suffix}`;
    const name = lowerFirst(/^\d/.test(words) ? `a${words}` : words);
    return this.free(this.taken.has(name) && suffix === '' ? `${name}${upperFirst(fallback)}` : name);
  }

  /** The id of a construct, after the name of its variable. */
  constructId(variable: string): string {
    return upperFirst(variable);
  }

  private free(name: string): string {
    let free = name;
    for (let count = 2; this.taken.has(free); count += 1) free = `${name}${count}`;
    this.taken.add(free);
    return free;
  }

  private wordsOf(path: string): string {
    const parts = this.construct.split('/');
    const [id = ''] = parts.slice(-1);
    const above = parts.length > 1 ? `${parts.slice(0, -1).join('/')}/` : '';
    const own = path.startsWith(above) ? path.slice(above.length) : path.split('/').slice(1).join('/');
    const names = own.split('/').filter((part) => part !== 'Resource' && part !== 'Default');
    const rest = names[0]?.startsWith(id) ? [names[0].slice(id.length), ...names.slice(1)] : names;
    // A child named after another construct's full path, with its hash.
    const whole = parts.map(pascal).join('');
    return rest
      .map((part) => pascal(part.replace(/(?=[0-9A-F]*\d)[0-9A-F]{8}(?=$|[A-Z-])/, '')).replace(whole, ''))
      .join('');
  }
}

export const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
export const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Words as the name of a class. */
export function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map(upperFirst)
    .join('');
}

/** The name of a class: an identifier, and none that the file imports or JavaScript has. */
export function classNameOf(id: string): string {
  const name = pascal(id);
  return /^[A-Z]/.test(name) && !RESERVED.includes(name) && !(name in globalThis) ? name : `Ejected${name}`;
}

const RESERVED: readonly string[] = [
  ...['break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum'],
  ...['export', 'extends', 'false', 'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'new', 'null'],
  ...['return', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield'],
  ...['let', 'static', 'await', 'async', 'eval', 'arguments', 'package', 'private', 'public', 'interface', 'protected'],
  ...[
    'implements',
    'scope',
    'id',
    'props',
    'cdk',
    'node',
    'bundled',
    'folder',
    'resolve',
    'join',
    'cpSync',
    'buildSync',
  ],
  ...['Construct', 'Asset', 'BuildOptions', 'process', 'require', 'undefined', 'JSON'],
];
