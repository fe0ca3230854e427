import type { Check } from '../core/check/check';
import { cloudflare as facts, within } from '../core/facts';
import type { EdgeGatewayArgs, GatewayAuthorizer, GatewayCors, GatewayGeo } from './gateway-args';

const PERCENT = { min: 0, max: 100 };
const PATH = /^([A-Z]+ )?\/[^\s*]*\*?$/;
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const CONTINENTS = ['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA'];

/** The rows of the validation table for an `EdgeGateway`. */
export function gatewayChecks(args: EdgeGatewayArgs): Check[] {
  const { origin, authorizer, domain, public: open = [], geo = {}, cache = {}, rateLimit } = args;
  const {
    issuer,
    audience,
    jwksUri,
    cookie,
    subprotocol,
    scopes = {},
    algorithms,
  }: Partial<GatewayAuthorizer> = authorizer === 'none' ? {} : (authorizer ?? {});
  const host = domain?.hostname;
  return [
    ...(typeof origin === 'object' && 'binding' in origin
      ? [
          {
            prop: 'origin',
            value: origin.binding.type,
            valid: () => origin.binding.type === 'service',
            rule: 'must be an address or a Worker',
            remedy: "pass 'api.call()' of an EdgeApi",
          },
        ]
      : [address('origin', origin)]),
    ...(authorizer === 'none' ? [] : [address('authorizer.issuer', issuer)]),
    ...(jwksUri === undefined ? [] : [address('authorizer.jwksUri', jwksUri)]),
    ...[['authorizer.cookie', cookie] as const, ['authorizer.subprotocol', subprotocol] as const].map(
      ([prop, value]) => ({
        prop,
        value,
        valid: () => value === undefined || /^[\w.-]+$/.test(value),
        rule: 'must be a name of letters, digits, dots, dashes and underscores',
        remedy: "write for instance 'session'",
      }),
    ),
    {
      prop: 'authorizer.algorithms',
      value: algorithms,
      valid: () => algorithms === undefined || algorithms.length > 0,
      rule: 'must name at least one algorithm',
      remedy: 'leave it out for all that are safe',
    },
    ...Object.entries(scopes).map(([path, needed]) => ({
      prop: `authorizer.scopes.${path}`,
      value: needed,
      valid: () => needed.length > 0 && needed.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)),
      rule: 'must hold scopes, without spaces and quotes',
      remedy: "write for instance ['orders:write']",
    })),
    ...Object.keys(scopes).map((path) => ({
      prop: 'authorizer.scopes',
      value: path,
      valid: () => !open.some((other) => isOpen(other, path)),
      rule: "must not hold a path that is 'public'",
      remedy: 'nobody is asked for a token there; remove it from one of the two',
    })),
    ...corsChecks(args.cors),
    {
      prop: 'authorizer.audience',
      value: audience,
      valid: () =>
        authorizer === 'none' ||
        (Array.isArray(audience) && audience.length > 0 && audience.every((each) => each !== '')),
      rule: 'must name at least one audience',
      remedy: "write for instance ['shop']; a token for another service would be good here without one",
    },
    {
      prop: 'public',
      value: open,
      valid: () => authorizer !== 'none' || open.length === 0,
      rule: "has no meaning with 'authorizer' of 'none'",
      remedy: 'remove it',
    },
    ...[
      ...open.map((path) => ['public', path] as const),
      ...Object.keys(cache).map((path) => ['cache', path] as const),
      ...Object.keys(scopes).map((path) => ['authorizer.scopes', path] as const),
    ].map(([prop, path]) => ({
      prop,
      value: path,
      valid: () => PATH.test(path),
      rule: 'must hold paths, with a method before and * at the end at most',
      remedy: "write '/health' or 'GET /catalog/*'",
    })),
    ...Object.entries(cache).flatMap(([path, seconds]) => [
      {
        prop: `cache.${path}`,
        value: seconds,
        valid: () => Number.isInteger(seconds) && seconds >= 1,
        rule: 'must be a whole number of seconds from 1',
        remedy: 'remove the path to keep nothing',
      },
      {
        prop: 'cache',
        value: path,
        valid: () => /^(GET )?\//.test(path),
        rule: 'must hold paths of GET only',
        remedy: 'leave the method out',
      },
      {
        prop: 'cache',
        value: path,
        valid: () => authorizer === 'none' || open.some((other) => covers(other, path)),
        rule: "must hold paths that are 'public'",
        remedy: "add it to 'public': what is kept is given to everybody",
      },
    ]),
    ...originsOf(args).map(([prop, value]) => ({
      prop,
      value,
      reads: [host, ...(args.routes ?? []).map(({ pattern }) => pattern)],
      valid: () => !leadsBack(hostOf(value), args),
      rule: "must not be an address that the gateway itself answers ('domain', 'routes'): it would call itself without end",
      remedy: 'name the host that the origin really has',
    })),
    ...shareChecks(args),
    ...geoChecks(geo),
    {
      prop: 'rateLimit.limit',
      value: rateLimit?.limit,
      valid: () => rateLimit === undefined || (Number.isInteger(rateLimit.limit) && rateLimit.limit >= 1),
      rule: 'must be a whole number of requests from 1',
      remedy: 'leave the rate limit out for none',
    },
    {
      prop: 'rateLimit.perAddress',
      value: rateLimit?.perAddress,
      reads: [rateLimit?.limit],
      valid: () =>
        rateLimit?.perAddress === undefined ||
        (Number.isInteger(rateLimit.perAddress) && rateLimit.perAddress >= rateLimit.limit),
      rule: "must be a whole number of requests from 'rateLimit.limit' on",
      remedy: 'many clients may share an address; leave it out to count these alone',
    },
    {
      prop: 'rateLimit.period',
      value: rateLimit?.period,
      valid: () => facts.rateLimitPeriods.value.includes(rateLimit?.period ?? 60),
      rule: `must be ${facts.rateLimitPeriods.value.join(' or ')} seconds`,
      remedy: 'set one of them, or leave it out for 60',
    },
  ];
}

function corsChecks({ origins = [], methods = [], credentials, maxAge }: Partial<GatewayCors> = {}): Check[] {
  return [
    ...origins.map((origin) => ({
      prop: 'cors.origins',
      value: origin,
      valid: () =>
        /^(\*|[a-z][a-z0-9+.-]*:\/\/[^/\s?#*]+)$/.test(origin) &&
        (!/^https?:/.test(origin) || originOf(origin) === origin),
      rule: "must be '*' or a scheme and a host without a path",
      remedy: "write it as a browser sends it, such as 'https://shop.example.com'",
    })),
    ...methods.map((method) => ({
      prop: 'cors.methods',
      value: method,
      valid: () => /^[A-Z]+$/.test(method),
      rule: 'must hold methods in capitals',
      remedy: "write for instance 'GET'",
    })),
    {
      prop: 'cors.credentials',
      value: credentials,
      reads: [origins],
      valid: () => !(credentials && origins.includes('*')),
      rule: "must not be true with the origin '*', which browsers refuse",
      remedy: "name the origins in 'cors.origins', or leave 'cors.credentials' out",
    },
    {
      prop: 'cors.maxAge',
      value: maxAge,
      valid: () => maxAge === undefined || (Number.isInteger(maxAge) && within({ min: 0, max: 86_400 }, maxAge)),
      rule: 'must be a whole number of seconds up to a day',
      remedy: 'set 86400 at most, which no browser exceeds',
    },
  ];
}

/** Every origin that is an address. */
function originsOf({ origin, experiments = {}, geo: { origins = {} } = {} }: EdgeGatewayArgs) {
  const ofVariants = Object.entries(experiments).flatMap(([name, variants]) =>
    Object.entries(variants).map(([variant, one]) => [`experiments.${name}.${variant}.origin`, one.origin] as const),
  );
  const ofPlaces = Object.entries(origins).map(([place, one]) => [`geo.origins.${place}`, one] as const);
  const all = [['origin', origin] as const, ...ofVariants, ...ofPlaces];
  return all.filter(([, value]) => value !== undefined && !(typeof value === 'object' && 'binding' in value));
}

/** Whether a host is the gateway's own, by its domain or by a route, `*.example.com/*` included. */
function leadsBack(host: string | undefined, { domain, routes = [] }: EdgeGatewayArgs): boolean {
  if (host === undefined) return false;
  if (domain?.hostname === host) return true;
  return routes.some(({ pattern }) => {
    const named =
      String(pattern)
        .replace(/^https?:\/\//, '')
        .split('/')[0] ?? '';
    const rest = named.replace(/^\*\.?/, '');
    if (!named.startsWith('*')) return named === host;
    return host === rest ? !named.startsWith('*.') : host.endsWith(named.startsWith('*.') ? `.${rest}` : rest);
  });
}

function shareChecks({ experiments = {}, flags = {} }: EdgeGatewayArgs): Check[] {
  return [
    ...Object.entries(experiments).flatMap(([name, variants]) => {
      const shares = Object.values(variants).map(({ share }) => share);
      const sum = shares.reduce((all, share) => all + share, 0);
      return [
        nameCheck(`experiments.${name}`, name),
        {
          prop: `experiments.${name}`,
          value: Object.fromEntries(Object.entries(variants).map(([variant, { share }]) => [variant, share])),
          valid: () =>
            Math.abs(sum - 100) < 1e-9 && shares.length >= 2 && shares.every((share) => within(PERCENT, share)),
          rule: 'must have at least two variants whose shares add up to 100',
          remedy:
            shares.length < 2
              ? 'add a variant, or remove the experiment'
              : `set shares from 0 to 100; these add up to ${sum}`,
        },
        ...Object.keys(variants).map((variant) => nameCheck(`experiments.${name}.${variant}`, variant)),
        ...Object.entries(variants).flatMap(([variant, { origin }]) =>
          origin === undefined ? [] : [address(`experiments.${name}.${variant}.origin`, origin)],
        ),
      ];
    }),
    ...Object.entries(flags).flatMap(([name, share]) => [
      nameCheck(`flags.${name}`, name),
      {
        prop: `flags.${name}`,
        value: share,
        valid: () => within(PERCENT, share),
        rule: 'must be a share from 0 to 100 percent',
        remedy: 'set 0 for nobody and 100 for all',
      },
    ]),
  ];
}

function geoChecks({ block = [], allow, origins = {} }: GatewayGeo): Check[] {
  const countries = [...block.map((code) => ['geo.block', code]), ...(allow ?? []).map((code) => ['geo.allow', code])];
  return [
    ...countries.map(([prop, code]) => ({
      prop: prop!,
      value: code,
      valid: () => /^([A-Z]{2}|T1)$/.test(code!),
      rule: 'must hold ISO 3166 country codes of two capitals',
      remedy: "write for instance 'CH'",
    })),
    {
      prop: 'geo.allow',
      value: allow,
      valid: () => allow === undefined || block.length === 0,
      rule: "must not stand beside 'geo.block'",
      remedy: 'keep one: whoever is not allowed is blocked already',
    },
    ...Object.entries(origins).flatMap(([place, origin]) => [
      {
        prop: `geo.origins.${place}`,
        value: place,
        valid: () => /^[A-Z]{2}$/.test(place),
        rule: `must be for a country or one of ${CONTINENTS.join(', ')}`,
        remedy: "write for instance 'EU' for Europe",
      },
      address(`geo.origins.${place}`, origin),
    ]),
  ];
}

function nameCheck(prop: string, name: string): Check {
  return {
    prop,
    value: name,
    valid: () => NAME.test(name),
    rule: 'must be named with lower-case letters, digits and dashes, since it becomes a part of a header',
    remedy: 'rename it',
  };
}

function address(prop: string, value: unknown): Check {
  return {
    prop,
    value,
    valid: () => String(value).startsWith('https://') && hostOf(value) !== undefined && !holdsCredentials(value),
    rule: 'must be an https address without a user or password',
    remedy: "write for instance 'https://api.example.com'",
  };
}

/** An address of the web as browsers write its origin: in small letters, without a user and the port that it has anyway. */
function originOf(value: string): string | undefined {
  return URL.canParse(value) ? new URL(value).origin : undefined;
}

function hostOf(value: unknown): string | undefined {
  try {
    return new URL(String(value)).host;
  } catch {
    return undefined;
  }
}

/** What stands before an `@` in an address is sent by nothing, and is in the state in the clear. */
function holdsCredentials(value: unknown): boolean {
  const { username, password } = new URL(String(value));
  return username !== '' || password !== '';
}

/** Whether a pattern holds for every request to another one. */
function covers(pattern: string, path: string): boolean {
  const [wide = '', only] = pattern.split(' ').reverse();
  const [narrow = ''] = path.split(' ').reverse();
  if (only !== undefined && only !== 'GET') return false;
  return wide.endsWith('*') ? narrow.startsWith(wide.slice(0, -1)) : wide === narrow;
}

/** Whether a public pattern takes in requests to a path, with its method or without. */
function isOpen(pattern: string, path: string): boolean {
  const [wide = '', only] = pattern.split(' ').reverse();
  const [narrow = '', method] = path.split(' ').reverse();
  if (only !== undefined && method !== undefined && only !== method) return false;
  return wide.endsWith('*') ? narrow.startsWith(wide.slice(0, -1)) : wide === narrow;
}
