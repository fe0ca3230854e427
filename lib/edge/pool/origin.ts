import type * as pulumi from '@pulumi/pulumi';

/**
 * The database behind an `EdgePool`, and one way to it: a public `host`; a `host` of a tunnel that Access protects, with a service token; a
 * `host` in the private network of `tunnelId`; or a `serviceId`.
 */
export interface PoolOrigin {
  /**
   * Hostname or address. It must be public, unless `tunnelId` leads into the network in which it is known: `10.0.0.5`.
   * @default - required unless `serviceId` is given
   */
  readonly host?: pulumi.Input<string>;
  /** Name of the database, at most 63 bytes. */
  readonly database: pulumi.Input<string>;
  /** The database user. What it may do is what every Worker with `connect()` may do. */
  readonly user: pulumi.Input<string>;
  /** The user's password. It becomes a Pulumi secret, whatever is passed. */
  readonly password: pulumi.Input<string>;
  /**
   * Port, from 1 to 65,535. The tunnel behind Access knows its own.
   * @default 5432, and 3306 for MySQL
   */
  readonly port?: pulumi.Input<number>;
  /**
   * Kind of database.
   * @default 'postgres'
   */
  readonly scheme?: 'postgres' | 'mysql';
  /**
   * Id of the service token that Access lets in to the tunnel's public `host`; goes with `accessClientSecret`.
   * @default - nothing stands before the host
   * @see https://developers.cloudflare.com/hyperdrive/configuration/connect-to-private-database/
   */
  readonly accessClientId?: pulumi.Input<string>;
  /**
   * The token's secret. It becomes a Pulumi secret, whatever is passed.
   * @default - nothing stands before the host
   */
  readonly accessClientSecret?: pulumi.Input<string>;
  /**
   * A tunnel into the private network in which `host` is known. The pool makes a VPC service for it, which leads to this host and port
   * and nowhere else; cloudflared must be 2025.7.0 or later and speak QUIC.
   * @default - the host is public
   * @see https://developers.cloudflare.com/workers-vpc/configuration/vpc-services/
   */
  readonly tunnelId?: pulumi.Input<string>;
  /**
   * A VPC service of kind `tcp` that is there: it knows host, port and TLS.
   * @default - none
   */
  readonly serviceId?: pulumi.Input<string>;
}

/** How a pool and its database trust each other. */
export interface PoolTls {
  /**
   * What must hold of the database's certificate. `require`: a public authority has signed it; `verify-ca`: that of
   * `caCertificateId` has; `verify-full`: and it names the host. Behind `tunnelId` the VPC service looks: `verify-ca` and `verify-full` trust public
   * authorities, and `unverified` trusts any certificate, for one that signed itself.
   * @default 'require', and 'verify-full' behind `tunnelId`
   * @see https://developers.cloudflare.com/hyperdrive/configuration/tls-ssl-certificates-for-hyperdrive/
   */
  readonly mode?: PoolTlsMode;
  /**
   * Id of the uploaded certificate of the authority that signs the database's: `verify-ca` and `verify-full` need it.
   * @default - none
   */
  readonly caCertificateId?: pulumi.Input<string>;
  /**
   * Id of the uploaded certificate, with its key, by which the pool shows the database who it is.
   * @default - the password alone
   */
  readonly clientCertificateId?: pulumi.Input<string>;
}

/** What must hold of a database's certificate. */
export type PoolTlsMode = (typeof TLS_MODES)[number];

export const TLS_MODES = ['require', 'verify-ca', 'verify-full', 'unverified'] as const;

/** The port that is meant where none is given. */
export function portOf({ port, scheme }: PoolOrigin): pulumi.Input<number> {
  return port ?? (scheme === 'mysql' ? 3306 : 5432);
}
