import type * as pulumi from '@pulumi/pulumi';

/**
 * The database behind an `EdgePool`, reached in one of these ways: a public `host`; the `host` of a tunnel protected by Access, with a
 * service token; a `host` in the private network of `tunnelId`; or a `serviceId`.
 */
export interface PoolOrigin {
  /**
   * Hostname or address. Must be public, unless `tunnelId` leads into the network that knows it: `10.0.0.5`.
   * @default - required unless `serviceId` is given
   */
  readonly host?: pulumi.Input<string>;
  /** Name of the database, at most 63 bytes. */
  readonly database: pulumi.Input<string>;
  /** The database user, whose privileges every Worker with `connect()` shares. */
  readonly user: pulumi.Input<string>;
  /** The user's password. Always stored as a Pulumi secret. */
  readonly password: pulumi.Input<string>;
  /**
   * Port, from 1 to 65,535. A tunnel behind Access has its own.
   * @default 5432, and 3306 for MySQL
   */
  readonly port?: pulumi.Input<number>;
  /**
   * Kind of database.
   * @default 'postgres'
   */
  readonly scheme?: 'postgres' | 'mysql';
  /**
   * Id of the service token with which Access admits the pool to the tunnel's public `host`; goes with `accessClientSecret`.
   * @default - the host is not protected by Access
   * @see https://developers.cloudflare.com/hyperdrive/configuration/connect-to-private-database/
   */
  readonly accessClientId?: pulumi.Input<string>;
  /**
   * The token's secret. Always stored as a Pulumi secret.
   * @default - the host is not protected by Access
   */
  readonly accessClientSecret?: pulumi.Input<string>;
  /**
   * A tunnel into the private network that knows `host`. The pool creates a VPC service for it, which leads to this host and port
   * only; cloudflared must be 2025.7.0 or later and use QUIC.
   * @default - the host is public
   * @see https://developers.cloudflare.com/workers-vpc/configuration/vpc-services/
   */
  readonly tunnelId?: pulumi.Input<string>;
  /**
   * An existing VPC service of type `tcp`: it has host, port and TLS settings.
   * @default - none
   */
  readonly serviceId?: pulumi.Input<string>;
}

/** How a pool and its database authenticate each other. */
export interface PoolTls {
  /**
   * How the database's certificate is verified. `require`: signed by a public authority; `verify-ca`: signed by that of
   * `caCertificateId`; `verify-full`: and it matches the host. Behind `tunnelId` the VPC service verifies: `verify-ca` and `verify-full`
   * trust public authorities, and `unverified` trusts any certificate, even a self-signed one.
   * @default 'require', and 'verify-full' behind `tunnelId`
   * @see https://developers.cloudflare.com/hyperdrive/configuration/tls-ssl-certificates-for-hyperdrive/
   */
  readonly mode?: PoolTlsMode;
  /**
   * Id of the uploaded CA certificate that signs the database's: required for `verify-ca` and `verify-full`.
   * @default - none
   */
  readonly caCertificateId?: pulumi.Input<string>;
  /**
   * Id of the uploaded client certificate, with its key, that the pool presents to the database.
   * @default - only the password
   */
  readonly clientCertificateId?: pulumi.Input<string>;
}

/** How a database's certificate is verified. */
export type PoolTlsMode = (typeof TLS_MODES)[number];

export const TLS_MODES = ['require', 'verify-ca', 'verify-full', 'unverified'] as const;

/** The port, by default the scheme's. */
export function portOf({ port, scheme }: PoolOrigin): pulumi.Input<number> {
  return port ?? (scheme === 'mysql' ? 3306 : 5432);
}
