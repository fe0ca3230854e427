/** Signs after which a slash begins a regular expression. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new))\s*$/;

/**
 * The handlers of a Worker: the methods of its default export. Undefined where the code does not show them, as for an object that
 * a library makes.
 * @param code as esbuild writes it: each declaration of a module begins a line
 */
export function handlersOf(code: string): readonly string[] | undefined {
  const name = /([\w$]+) as default\b/.exec(code.slice(code.lastIndexOf('\nexport {')))?.[1];
  return name === undefined ? undefined : handlersNamed(code, name);
}

function handlersNamed(code: string, name: string): readonly string[] | undefined {
  const own = name.replaceAll('$', '\\$');
  const found = new RegExp(`^(?:var|let|const) ${own} = (\\{|class\\b([^{]*)\\{)|^class ${own}\\b([^{]*)\\{`, 'm').exec(
    code,
  );
  const other = new RegExp(`^(?:var|let|const) ${own} = ([\\w$]+);$`, 'm').exec(code)?.[1];
  if (other !== undefined && other !== name) return handlersNamed(code, other);
  if (!found) return undefined;
  const isObject = found[1] === '{';
  const base = /extends\s+([\w$]+)/.exec(`${found[2] ?? ''}${found[3] ?? ''}`)?.[1];
  if (!isObject && base !== 'WorkerEntrypoint') return undefined;
  return isObject ? keysOf(code, found.index + found[0].length) : methodsOf(code, found.index + found[0].length);
}

/** The keys of an object literal; undefined where one of them cannot be told. */
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
 * What stands between braces, without what is nested in it, split at a sign.
 * @returns undefined where the end is not found
 */
function partsOf(code: string, start: number, separator: string): readonly string[] | undefined {
  const parts = [''];
  let depth = 0;
  for (let at = start; at < code.length;) {
    const end = skipped(code, at, parts.at(-1)!);
    if (end > at) {
      // A key may be a text.
      if (depth === 0) parts[parts.length - 1] += code.slice(at, end);
      at = end;
      continue;
    }
    const sign = code[at]!;
    if (sign === '}' && depth === 0) return parts;
    if ('([{'.includes(sign)) depth += 1;
    if (depth === 0 && sign === separator) parts.push('');
    else if (depth === 0 || (depth === 1 && '([{'.includes(sign))) parts[parts.length - 1] += sign;
    if (')]}'.includes(sign)) depth -= 1;
    at += 1;
  }
  return undefined;
}

/** The end of a text, a comment, a template or a regular expression that begins somewhere; that place itself where none does. */
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
