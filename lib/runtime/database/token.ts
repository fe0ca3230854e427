import type { DatabasePlace } from './place';

/** Makes a new token: the password of one connection. It is signed here; nothing is asked for it. */
export type NewToken = () => Promise<string>;

/**
 * Signs tokens with the credentials of the function. AWS takes one for fifteen minutes, which count until the connection is
 * there: each connection gets a fresh one.
 * @throws Error when the signer is not installed; Lambda's runtime has it
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export async function tokensFor({ host, port, user, region, dsql }: DatabasePlace): Promise<NewToken> {
  if (dsql) {
    const { DsqlSigner } = await import('@aws-sdk/dsql-signer').catch(() => {
      throw new Error("'@aws-sdk/dsql-signer' is not installed: run 'npm install @aws-sdk/dsql-signer'");
    });
    const signer = new DsqlSigner({ hostname: host, region });
    // It names no user: the role of the function is tied to one by SQL.
    return () => signer.getDbConnectAuthToken();
  }
  const { Signer } = await import('@aws-sdk/rds-signer').catch(() => {
    throw new Error("'@aws-sdk/rds-signer' is not installed: run 'npm install --save-dev @aws-sdk/rds-signer'");
  });
  const signer = new Signer({ hostname: host, port, username: user, region });
  return () => signer.getAuthToken();
}
