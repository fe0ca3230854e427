import type { HeaderRule } from '../../site/asset-rules';

/**
 * Headers of a `_headers` file for a URL, by lower-case name: all matching rules, in order. Values of several rules are
 * combined, as for files; a header that a rule removes is left out.
 */
export function headersFor(rules: readonly HeaderRule[], url: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, set, unset } of rules) {
    const values = matched(path, new URL(url));
    if (!values) continue;
    for (const name of unset) found.delete(name);
    for (const [name, value] of Object.entries(set)) {
      const filled = value.replace(/:([A-Za-z]\w*)/g, (whole, key: string) => values[key] ?? whole);
      const before = found.get(name);
      found.set(name, before ? `${before}, ${filled}` : filled);
    }
  }
  return found;
}

/** Values of `*` (as `splat`) and `:names` in a pattern; undefined if it does not match. */
export function matched(pattern: string, { hostname, pathname }: URL): Readonly<Record<string, string>> | undefined {
  const [, host, path = ''] = /^(?:https:\/\/([^/]+))?(.*)$/.exec(pattern) ?? [];
  const ofHost = host === undefined ? { groups: {} } : expression(host, '[^/.]+').exec(hostname);
  const ofPath = expression(path || '/', '[^/]+').exec(pathname);
  return ofHost && ofPath ? { ...ofHost.groups, ...ofPath.groups } : undefined;
}

function expression(pattern: string, name: string): RegExp {
  const escaped = pattern.replace(/[-/\\^$+?.()|[\]{}]/g, '\\$&').replace('*', '(?<splat>.*)');
  return new RegExp(`^${escaped.replace(/:([A-Za-z]\w*)/g, `(?<$1>${name})`)}$`);
}
