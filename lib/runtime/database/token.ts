import type { DatabasePlace } from './place';

/** Makes a new token: the password of one connection. It is signed here; nothing is asked for it. */
export type NewToken = () => Promise<string>;

/**
 * Signs tokens with the credentials of the function. AWS takes one for fifteen minutes, which count until the connection is
 * there: each connection gets a fresh one.
 * @throws Error when there is no signer: it comes with Lambda's runtime, or in a bundle that holds the SDK
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export async function tokensFor({ host, port, user, region, dsql }: DatabasePlace): Promise<NewToken> {
  if (dsql) {
    const { DsqlSigner } = await import('@aws-sdk/dsql-signer').catch(() => missing('@aws-sdk/dsql-signer'));
    const signer = new DsqlSigner({ hostname: host, region });
    // It names no user: the role of the function is tied to one by SQL.
    return () => signer.getDbConnectAuthToken();
  }
  const { Signer } = await import('@aws-sdk/rds-signer').catch(() => missing('@aws-sdk/rds-signer'));
  const signer = new Signer({ hostname: host, port, username: user, region });
  return () => signer.getAuthToken();
}

/** A bundle leaves the SDK out unless it is told otherwise: to install the signer alone changes nothing on Lambda. */
function missing(name: string): never {
  throw new Error(
    `'${name}' is not there: run 'npm install ${name}', and set 'bundling: { sdk: true }' of the function where its runtime has none`,
  );
}
