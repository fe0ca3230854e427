import { isIP } from 'node:net';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { AccountArgs } from '../check-args';
import { claimOwnName } from '../claims';
import { physicalName } from '../physical-name';
import { type PoolOrigin, type PoolTls, portOf } from './origin';

/** The origin in the provider's form, which marks nothing in it as secret. */
export function originInputs(origin: PoolOrigin, serviceId?: pulumi.Input<string>) {
  const { host, database, user, accessClientId, accessClientSecret } = origin;
  const service = serviceId ?? origin.serviceId;
  const isAccess = accessClientId !== undefined;
  return {
    scheme: origin.scheme ?? 'postgres',
    host: service === undefined ? host : undefined,
    port: service === undefined && !isAccess ? portOf(origin) : undefined,
    database,
    user,
    password: pulumi.secret(origin.password),
    accessClientId,
    accessClientSecret: accessClientSecret === undefined ? undefined : pulumi.secret(accessClientSecret),
    serviceId: service,
  };
}

/** How a VPC service verifies a certificate. */
const VERIFICATION = { 'verify-full': 'verify_full', 'verify-ca': 'verify_ca', unverified: 'disabled' } as const;

/**
 * A VPC service for one host and port in a private network.
 * @param parent the pool; the service is `<name>-service`
 */
export function createService(
  parent: pulumi.ComponentResource,
  name: string,
  { accountId, origin, tls = {} }: { readonly origin: PoolOrigin; readonly tls?: PoolTls } & Required<AccountArgs>,
): cloudflare.ConnectivityDirectoryService {
  const { value, ignoreChanges } = physicalName(undefined, name, 'name');
  claimOwnName(name, 'service', 'name', { value, ignoreChanges, accountId });
  const mode = tls.mode === undefined || tls.mode === 'require' ? 'verify-full' : tls.mode;
  return new cloudflare.ConnectivityDirectoryService(
    `${name}-service`,
    {
      accountId,
      name: value,
      type: 'tcp',
      tcpPort: portOf(origin),
      appProtocol: origin.scheme === 'mysql' ? 'mysql' : 'postgresql',
      host: pulumi.all([origin.host, origin.tunnelId]).apply(([host, tunnelId]) => hostOf(host!, tunnelId!)),
      tlsSettings: { certVerificationMode: VERIFICATION[mode] },
    },
    { parent, ignoreChanges },
  );
}

/** An IP address goes through the tunnel as it is; a name is resolved at its other end. */
function hostOf(host: string, tunnelId: string): cloudflare.types.input.ConnectivityDirectoryServiceHost {
  const version = isIP(host);
  if (version === 0) return { hostname: host, resolverNetwork: { tunnelId } };
  return { [version === 4 ? 'ipv4' : 'ipv6']: host, network: { tunnelId } };
}

/** MySQL's names for the modes. */
const MYSQL_MODES = { require: 'REQUIRED', 'verify-ca': 'VERIFY_CA', 'verify-full': 'VERIFY_IDENTITY' } as const;

/** Certificates in the provider's form; a VPC service has its own settings. */
export function tlsInputs({ scheme, tunnelId }: PoolOrigin, tls: PoolTls | undefined) {
  if (tls === undefined || tunnelId !== undefined) return undefined;
  const mode = tls.mode === undefined || tls.mode === 'unverified' ? 'require' : tls.mode;
  return {
    sslmode: scheme === 'mysql' ? MYSQL_MODES[mode] : mode,
    caCertificateId: tls.caCertificateId,
    mtlsCertificateId: tls.clientCertificateId,
  };
}
