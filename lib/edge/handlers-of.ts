/** Context in which a slash starts a regular expression. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new))\s*$/;

/**
 * The handlers of a Worker: the methods of its default export. Undefined if the code does not reveal them, as for an object
 * created by a library.
 * @param code esbuild's output: each declaration of a module starts a line
 */
export function handlersOf(code: string): readonly string[] | undefined {
  const name = /([\w$]+) as default\b/.exec(code.slice(code.lastIndexOf('\nexport {')))?.[1];
  if (name !== undefined) return handlersNamed(code, name);
  // So esbuild writes what a CommonJS module exports.
  return /^export default\b/m.test(code) ? undefined : [];
}

/**
 * The base class of each exported class, by name: the platform class that it ultimately extends, such as `WorkerEntrypoint`;
 * `nothing` for a class or constructor without one; `no class` for what cannot be constructed; undefined if the code does not
 * reveal it.
 * @param code esbuild's output
 */
export function basesOf(code: string): Readonly<Record<string, string | undefined>> {
  const list = /\nexport \{([^}]*)\}/.exec(code.slice(Math.max(0, code.lastIndexOf('\nexport {'))))?.[1] ?? '';
  const names = [...list.matchAll(/([\w$]+)(?:\s+as\s+([\w$]+))?/g)];
  return Object.fromEntries(names.map(([, own, as]) => [as ?? own!, baseOf(code, own!, platformClasses(code))]));
}

/** Local names of imports from the platform. */
function platformClasses(code: string): ReadonlyMap<string, string> {
  const lists = [...code.matchAll(/^import \{([^}]*)\} from "cloudflare:workers";$/gm)].map(([, list]) => list!);
  const names = lists.flatMap((list) => [...list.matchAll(/([\w$]+)(?:\s+as\s+([\w$]+))?/g)]);
  return new Map(names.map(([, name, as]) => [as ?? name!, name!]));
}

/** How objects, lists, strings, numbers and functions start. */
const NO_CLASS = /^(?:[{["'`\d]|(?:async )?(?:function\b|\([^()]*\) =>|[\w$]+ =>))/;

function baseOf(code: string, name: string, platform: ReadonlyMap<string, string>): string | undefined {
  const own = name.replaceAll('$', '\\$');
  const declared = new RegExp(
    `^(?:(?:var|let|const) ${own} = (.*)|(class|(?:async )?function\\b\\*?) ?${own}\\b(.*))$`,
    'm',
  );
  const found = declared.exec(code);
  if (found === null) return undefined;
  const [, wrapped, kind, rest] = found;
  // A function wrapped to keep its name.
  const value = wrapped?.replace(/^\/\* @__PURE__ \*\/ __name\(/, '');
  if (kind !== undefined && kind !== 'class') return kind === 'function' ? 'nothing' : 'no class';
  const alias = /^([\w$]+);$/.exec(value ?? '')?.[1];
  if (alias !== undefined) return alias === name ? undefined : baseOf(code, alias, platform);
  const head = value === undefined ? rest : /^class\b(.*)/.exec(value)?.[1];
  if (head === undefined) {
    if (value === undefined || !NO_CLASS.test(value)) return undefined;
    if (!/^function\b(?!\*)/.test(value)) return 'no class';
    return isCalled(code, found.index) ? undefined : 'nothing';
  }
  const base = /\bextends\s+([^{]*?)\s*\{/.exec(head)?.[1];
  if (base === undefined) return head.includes('extends') ? undefined : 'nothing';
  if (platform.has(base)) return platform.get(base);
  return base === name || !/^[\w$]+$/.test(base) ? undefined : baseOf(code, base, platform);
}

/** Whether a function is called where it is written, as compilers write classes for old engines. */
function isCalled(code: string, index: number): boolean {
  const end = endOf(code, code.indexOf('{', index) + 1);
  return end === undefined || code[end + 1] === '(';
}

function handlersNamed(code: string, name: string): readonly string[] | undefined {
  const own = name.replaceAll('$', '\\$');
  const found = new RegExp(`^(?:var|let|const) ${own} = (\\{|class\\b([^{]*)\\{)|^class ${own}\\b([^{]*)\\{`, 'm').exec(
    code,
  );
  const other = new RegExp(`^(?:var|let|const) ${own} = ([\\w$]+);$`, 'm').exec(code)?.[1];
  if (other !== undefined && other !== name) return handlersNamed(code, other);
  if (isFunction(code, own)) return [];
  if (!found) return undefined;
  const isObject = found[1] === '{';
  const base = /extends\s+([\w$]+)/.exec(`${found[2] ?? ''}${found[3] ?? ''}`)?.[1];
  if (!isObject && base !== 'WorkerEntrypoint') return undefined;
  return isObject ? keysOf(code, found.index + found[0].length) : methodsOf(code, found.index + found[0].length);
}

/** Whether a name is that of a function, which Workers does not call. */
function isFunction(code: string, name: string): boolean {
  const value = String.raw`(?:/\* @__PURE__ \*/ __name\()?(?:async )?(?:function\b|\([^()]*\) =>|[\w$]+ =>)`;
  return new RegExp(`^(?:async )?function\\*? ${name}\\b|^(?:var|let|const) ${name} = ${value}`, 'm').test(code);
}

/** The keys of an object literal; undefined if one is not evident. */
function keysOf(code: string, start: number): readonly string[] | undefined {
  const parts = partsOf(code, start, ',');
  const keys = parts?.map((part) =>
    /^(?:async\s+|get\s+)*\*?\s*(?:"([^"]+)"|'([^']+)'|([\w$]+))\s*(?:[:(]|$)/.exec(part.trim()),
  );
  if (!parts || !keys) return undefined;
  const named = keys.filter((_, index) => parts[index]!.trim() !== '');
  return named.includes(null) ? undefined : named.map((key) => (key![1] ?? key![2] ?? key![3])!);
}

/** The methods of a class, and functions in its fields. */
function methodsOf(code: string, start: number): readonly string[] | undefined {
  const body = partsOf(code, start, '\n');
  return body?.flatMap((line) => /^(?:async\s+)?\*?\s*([\w$]+)\s*(?:\(|=)/.exec(line.trim())?.[1] ?? []);
}

/**
 * The text between braces, without nested parts, split at a separator.
 * @returns undefined if the end is not found
 */
function partsOf(code: string, start: number, separator: string): readonly string[] | undefined {
  return within(code, start, separator)?.parts;
}

/** Where the text between braces ends. */
function endOf(code: string, start: number): number | undefined {
  return within(code, start, '\n')?.end;
}

function within(code: string, start: number, separator: string) {
  const parts = [''];
  let depth = 0;
  for (let at = start; at < code.length;) {
    const end = skipped(code, at, parts.at(-1)!);
    if (end > at) {
      // A key may be a string.
      if (depth === 0) parts[parts.length - 1] += code.slice(at, end);
      at = end;
      continue;
    }
    const sign = code[at]!;
    if (sign === '}' && depth === 0) return { parts, end: at };
    if ('([{'.includes(sign)) depth += 1;
    if (depth === 0 && sign === separator) parts.push('');
    else if (depth === 0 || (depth === 1 && '([{'.includes(sign))) parts[parts.length - 1] += sign;
    if (')]}'.includes(sign)) depth -= 1;
    at += 1;
  }
  return undefined;
}

/** The end of a string, comment, template or regular expression that starts at a position; the position itself if none does. */
function skipped(code: string, at: number, before: string): number {
  const sticky = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(code)?.[0].length ?? 0;
  };
  const sign = code[at];
  if (sign === '"' || sign === "'") return at + sticky(/"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y);
  if (sign === '`') return templateEnd(code, at);
  if (sign !== '/') return at;
  const comment = sticky(/\/\/[^\n]*|\/\*[^]*?\*\//y);
  if (comment > 0) return at + comment;
  const line = code.slice(code.lastIndexOf('\n', at) + 1, at);
  if (!BEFORE_REGEX.test(before.length > 0 && line.trim() === '' ? before : line)) return at;
  return at + sticky(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y);
}

function templateEnd(code: string, start: number): number {
  for (let at = start + 1; at < code.length; at += 1) {
    if (code[at] === '\\') at += 1;
    else if (code[at] === '`') return at + 1;
    else if (code.startsWith('${', at)) {
      let depth = 1;
      for (at += 2; at < code.length && depth > 0;) {
        const end = skipped(code, at, '');
        if (end > at) {
          at = end;
          continue;
        }
        if (code[at] === '{') depth += 1;
        if (code[at] === '}') depth -= 1;
        at += 1;
      }
      at -= 1;
    }
  }
  return code.length;
}
