import { isIP } from 'node:net';
import type { Check } from '../../core/check/check';
import { cloudflare as facts, within } from '../../core/facts';
import type { PoolOrigin, PoolTls } from './origin';

const PRIVATE_ADDRESS =
  /^(0\.|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1?$|f[cd][0-9a-f]{2}:|fe80:)/i;
/** Names that no public resolver can resolve. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|home\.arpa)\.?$/i;
const LABEL = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?';
const PUBLIC_NAME = new RegExp(`^(${LABEL}\\.)+[a-z][a-z0-9-]*[a-z0-9]\\.?$`, 'i');
const ANY_NAME = new RegExp(`^${LABEL}(\\.${LABEL})*\\.?$`, 'i');

/** An address, or a name with a domain: a bare name is known only inside a network. */
function isPublicHost(host: string): boolean {
  if (isIP(host) > 0) return !PRIVATE_ADDRESS.test(host);
  return PUBLIC_NAME.test(host) && !PRIVATE_NAME.test(host);
}

/** A host in a network: anything except what looks like an invalid address. */
function isHost(host: string): boolean {
  return isIP(host) > 0 || (ANY_NAME.test(host) && !/^[\d.]+$/.test(host));
}

type Way = 'service' | 'tunnel' | 'access' | 'public';

function wayOf({ serviceId, tunnelId, accessClientId, accessClientSecret }: Partial<PoolOrigin>): Way {
  if (serviceId !== undefined) return 'service';
  if (tunnelId !== undefined) return 'tunnel';
  return accessClientId !== undefined || accessClientSecret !== undefined ? 'access' : 'public';
}

/** Props that a kind of origin does not use, and why. */
const USELESS: Readonly<Record<Way, readonly (readonly [prop: keyof PoolOrigin, why: string])[]>> = {
  service: [
    ['host', "must not be given with 'serviceId', which has it"],
    ['port', "must not be given with 'serviceId', which has it"],
    ['tunnelId', "must not be given with 'serviceId', which has it"],
    ['accessClientId', "must not be given with 'serviceId': Access does not protect it"],
    ['accessClientSecret', "must not be given with 'serviceId': Access does not protect it"],
  ],
  tunnel: [
    ['accessClientId', "must not be given with 'tunnelId': Access does not protect a VPC service"],
    ['accessClientSecret', "must not be given with 'tunnelId': Access does not protect a VPC service"],
  ],
  access: [['port', "must not be given with 'accessClientId': the tunnel behind Access has it"]],
  public: [],
};

/** Checks of the connection to a database. */
export function originChecks(origin: Partial<PoolOrigin> = {}): Check[] {
  const way = wayOf(origin);
  const { host, database, user, password, port, accessClientId, accessClientSecret } = origin;
  const bytes = facts.originNameLength.value;
  return [
    ...USELESS[way].map(([prop, rule]) => ({
      prop: `origin.${prop}`,
      value: undefined,
      sensitive: true,
      valid: () => origin[prop] === undefined,
      rule,
      remedy: 'leave one of them out',
    })),
    ...hostChecks(way, host),
    ...Object.entries({ database, user }).map(([prop, value]) => ({
      prop: `origin.${prop}`,
      value,
      valid: () => (value ?? '') !== '' && Buffer.byteLength(String(value)) <= bytes,
      rule: `must be 1 to ${bytes} bytes`,
      remedy: 'use the name that the database has',
    })),
    {
      prop: 'origin.password',
      value: password,
      sensitive: true,
      valid: () => (password ?? '') !== '',
      rule: 'must be given',
      remedy: "take it from the configuration: config.requireSecret('password')",
    },
    ...Object.entries(way === 'access' ? { accessClientId, accessClientSecret } : {}).map(([prop, value]) => ({
      prop: `origin.${prop}`,
      value,
      sensitive: true,
      valid: () => (value ?? '') !== '',
      rule: "must be given: 'accessClientId' and 'accessClientSecret' are one token",
      remedy: 'take both from the Access service token',
    })),
    {
      prop: 'origin.port',
      value: port,
      valid: () => port === undefined || (Number.isInteger(port) && within({ min: 1, max: 65_535 }, Number(port))),
      rule: 'must be a port from 1 to 65535',
      remedy: 'leave it out for the default',
    },
  ];
}

function hostChecks(way: Way, host: PoolOrigin['host']): Check[] {
  if (way === 'service') return [];
  const isGood = {
    tunnel: isHost,
    access: (name: string) => isPublicHost(name) && isIP(name) === 0,
    public: isPublicHost,
  }[way];
  const what = {
    tunnel: 'a hostname or address of the private network',
    access: "the tunnel's public hostname",
    public: 'a public hostname or address',
  }[way];
  return [
    {
      prop: 'origin.host',
      value: host,
      valid: () => host !== undefined && isGood(String(host)),
      rule: `must be ${what}, without scheme and port`,
      remedy:
        way === 'public'
          ? "set 'tunnelId' to the tunnel into its network, or name its public host"
          : 'use the name that the tunnel has',
    },
  ];
}

/** Checks of certificates. */
export function tlsChecks(origin: Partial<PoolOrigin> = {}, tls: PoolTls | undefined): Check[] {
  if (tls === undefined) return [];
  const way = wayOf(origin);
  const { mode, caCertificateId, clientCertificateId } = tls;
  if (way === 'service') {
    return [
      {
        prop: 'tls',
        value: mode,
        valid: () => false,
        rule: "must not be given with 'origin.serviceId', which has its own",
        remedy: 'set it there',
      },
    ];
  }
  const isTunnel = way === 'tunnel';
  const verifies = mode === 'verify-ca' || mode === 'verify-full';
  return [
    {
      prop: 'tls.mode',
      value: mode,
      valid: () => mode !== (isTunnel ? 'require' : 'unverified'),
      rule: isTunnel
        ? "must be 'verify-full', 'verify-ca' or 'unverified' behind 'origin.tunnelId'"
        : "must be 'require', 'verify-ca' or 'verify-full' without 'origin.tunnelId'",
      remedy: isTunnel
        ? "'verify-ca' requires a public authority, but no matching name"
        : 'leave it out for a public authority',
    },
    ...Object.entries({ caCertificateId, clientCertificateId }).map(([prop, value]) => ({
      prop: `tls.${prop}`,
      value: undefined,
      sensitive: true,
      valid: () => !isTunnel || value === undefined,
      rule: "must not be given with 'origin.tunnelId': a VPC service takes no certificates",
      remedy: "remove it, or reach the database through a tunnel behind Access, with 'accessClientId'",
    })),
    {
      prop: 'tls.caCertificateId',
      value: undefined,
      sensitive: true,
      valid: () => isTunnel || verifies === (caCertificateId !== undefined),
      rule: verifies ? `must be given with '${mode}'` : "must be given only with 'verify-ca' and 'verify-full'",
      remedy: verifies ? 'upload the CA certificate, and give its id' : "set 'mode', or remove it",
    },
  ];
}
