import { cloudflare as facts } from '../../core/facts';

/** A rule of a `_headers` file for one pattern. */
export interface HeaderRule {
  /** `/assets/*`, `https://:project.pages.dev/*`. */
  readonly path: string;
  /** Headers by lower-case name. */
  readonly set: Readonly<Record<string, string>>;
  /** Names of headers to remove. */
  readonly unset: readonly string[];
}

/** A line that the platform silently ignores. */
export interface BadLine {
  /** Line number, from 1. */
  readonly line: number;
  readonly rule: string;
  readonly remedy: string;
}

/** A parsed file: valid rules, and bad lines. */
export interface Rules<T> {
  readonly rules: readonly T[];
  readonly bad: readonly BadLine[];
}

/** Reads a `_headers` file. @see https://developers.cloudflare.com/workers/static-assets/headers/ */
export function readHeaders(text: string): Rules<HeaderRule> {
  const rules: { path: string; line: number; set: Record<string, string>; unset: string[] }[] = [];
  const bad: BadLine[] = [];
  for (const { line, content } of linesOf(text, bad)) {
    const last = rules.at(-1);
    const [name = '', value = ''] = split(content);
    if (/^(\/|\S+:\/\/)/.test(content)) {
      const fault = isPath(content) ? misread(content) : PATH;
      if (fault) bad.push({ line, ...fault });
      if (rules.some(({ path }) => path === content))
        bad.push({ line, rule: 'must be the only one for its path', remedy: 'put its headers below the first one' });
      rules.push({ path: content, line, set: {}, unset: [] });
    } else if (last === undefined) {
      bad.push({ line, rule: 'must name a path before its headers', remedy: "start with '/*', for instance" });
    } else if (content.startsWith('! ') && !TOKEN.test(content.slice(2))) {
      bad.push({ line, rule: 'must remove a header by its name only', remedy: "write '! X-Frame-Options'" });
    } else if (content.startsWith('! ')) {
      last.unset.push(content.slice(2).toLowerCase());
    } else if (!TOKEN.test(name) || value === '') {
      bad.push({ line, rule: 'must be a header and its value', remedy: "write 'X-Frame-Options: DENY', for instance" });
    } else {
      last.set[name.toLowerCase()] = [last.set[name.toLowerCase()] ?? [], value].flat().join(', ');
    }
  }
  const most = facts.assetHeaderRules.value;
  bad.push(
    ...rules
      .filter(({ set, unset }) => Object.keys(set).length + unset.length === 0)
      .map(({ line }) => ({ line, rule: 'must have headers below the path', remedy: 'write one or delete the path' })),
    ...rules.slice(most, most + 1).map(({ line }) => ({
      line,
      rule: `must be one of at most ${most} rules`,
      remedy: 'merge paths with a *',
    })),
  );
  return { rules: rules.map(({ path, set, unset }) => ({ path, set, unset })), bad };
}

/** A redirect in a `_redirects` file. */
export interface Redirect {
  readonly from: string;
  readonly to: string;
  readonly status: number;
  /** Line number, from 1. */
  readonly line: number;
}

/** Reads a `_redirects` file. @see https://developers.cloudflare.com/workers/static-assets/redirects/ */
export function readRedirects(text: string): Rules<Redirect> {
  const rules: Redirect[] = [];
  const bad: BadLine[] = [];
  const counts = { fixed: 0, patterns: 0 };
  for (const { line, content } of linesOf(text, bad)) {
    const [from = '', to = '', status = '302', ...more] = content.replace(/\s+#.*$/, '').split(/\s+/);
    const code = Number(status);
    const before = bad.length;
    const addFault = (rule: string, remedy: string) => bad.push({ line, rule, remedy });
    const fault = from.startsWith('/') && isPath(from) ? misread(from) : undefined;
    if (to === '' || more.length > 0)
      addFault('must be a path, its target and optionally a status', "write '/old /new 301', for instance");
    else if (!from.startsWith('/') || !isPath(from))
      addFault('must start with a path, with at most one *', "write '/old'; other hosts are for an EdgeGateway");
    else if (fault) addFault(fault.rule, fault.remedy);
    else if (!/^(\/|https:\/\/[^/])/.test(to)) addFault('must lead to a path or an https URL', "write '/new'");
    else if (!STATUSES.includes(code))
      addFault(`must have a status of ${STATUSES.join(', ')}`, "write '301', for instance");
    else if (code === 200 && !to.startsWith('/'))
      addFault('must lead to a path with status 200', 'use 302 for other hosts');
    else if (rules.some((rule) => rule.from === from))
      addFault('must be the only one for its path', 'delete one of them');
    else if (to.startsWith('/') && /\/(\*)?$/.test(from) && /\/index(\.html)?$/.test(to))
      addFault(
        'must not lead from a folder to its index',
        "delete it: 'notFound' and '/' already serve a folder's index",
      );
    if (bad.length > before) continue;
    rules.push({ from, to, status: code, line });
    const isPattern = counts.patterns > 0 || /\*|:[A-Za-z]/.test(from);
    if (isPattern) counts.patterns += 1;
    else counts.fixed += 1;
    const most = isPattern ? facts.assetRedirectPatterns.value : facts.assetRedirects.value;
    if ((isPattern ? counts.patterns : counts.fixed) === most + 1)
      addFault(
        isPattern
          ? `must be one of at most ${most} redirects with * or :names, including all after the first such`
          : `must be one of at most ${most} redirects`,
        isPattern ? 'put those without * and :names first' : 'handle them in a handler',
      );
  }
  return { rules, bad };
}

const STATUSES = [200, 301, 302, 303, 307, 308];

/** A header name. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

const PATH = {
  rule: 'must be a path or an https URL without a port, with at most one *',
  remedy: "write '/assets/*', for instance, or a header with a space after its colon",
};

/** Lines with content; those that are too long are bad. */
function* linesOf(text: string, bad: BadLine[]) {
  const most = facts.assetRuleLine.value;
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    if (content.length <= most) yield { line: index + 1, content };
    else bad.push({ line: index + 1, rule: `must be at most ${most} characters`, remedy: 'shorten it' });
  }
}

function split(line: string): [name: string, value: string] {
  const at = line.indexOf(':');
  return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

/** At most one `*`: the platform ignores a rule with two. */
function isPath(text: string): boolean {
  if (text.split('*').length > 2) return false;
  return text.startsWith('/') || /^https:\/\/[^/:\s]*(:[A-Za-z]\w*[^/:\s]*)*(\/|$)/.test(text);
}

/** Why the platform reads a path differently from how it is written, or ignores it. */
function misread(text: string): Omit<BadLine, 'line'> | undefined {
  const [, origin = '', path = ''] = /^(https:\/\/[^/]*)?(.*)$/.exec(text) ?? [];
  const names = [...text.matchAll(/:[A-Za-z]\w*|\*/g)].map(([name]) => (name === '*' ? ':splat' : name));
  if (new Set(names).size < names.length)
    return { rule: 'must have each name only once, and no :splat with a *', remedy: 'give them different names' };
  if (/[?#]/.test(path))
    return {
      rule: 'must have no query and no fragment',
      remedy: 'leave it out: the rule would apply to the whole path',
    };
  // With a scheme without special rules, as the platform does it: backslashes and double slashes stay.
  const sent = new URL(`path://host${path}`).pathname;
  return path === '' || path === sent
    ? undefined
    : { rule: 'must have its path as in requests', remedy: `write '${origin}${sent}'` };
}
