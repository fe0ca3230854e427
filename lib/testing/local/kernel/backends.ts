import type { LocalContext } from './service';

/** Names of a backend in the `backends` option, besides its address. */
export type BackendNames = readonly string[];

/**
 * A backend's local address: its own if that is already local, otherwise the one in `backends`.
 * @param address `https://orders.example.com/v1`; undefined if known only at deployment
 * @param names its other names: the construct path of its listener or integration
 */
export function backendOf(
  context: Pick<LocalContext, 'options'>,
  address: string | undefined,
  names: BackendNames,
): URL | undefined {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  const known = [...(url ? [url.origin, url.host] : []), ...(address === undefined ? [] : [address]), ...names];
  const [, place] =
    Object.entries(context.options.backends).find(([key]) =>
      known.some((name) => name === key || name.endsWith(`/${key}`)),
    ) ?? [];
  if (place !== undefined) {
    const local = new URL(place);
    if (url) [local.pathname, local.search] = [`${local.pathname.replace(/\/$/, '')}${url.pathname}`, url.search];
    return local;
  }
  return url && url.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname) ? url : undefined;
}

/** Why an HTTP integration is not run; undefined when its backend is on this machine. */
export function whyBackendNotRun(
  context: Pick<LocalContext, 'options'>,
  address: string | undefined,
  names: BackendNames,
): string | undefined {
  if (backendOf(context, address, names)) return undefined;
  const what = address ?? names[0] ?? 'an address that is known only at deployment';
  return `'${what}' is not on this machine; name a local address for it in 'backends'`;
}
