/** Content of a master user's secret. */
export interface DatabaseSecret {
  readonly username: string;
  readonly password: string;
}

/** Reads a database secret. */
export async function secretOf(arn: string): Promise<DatabaseSecret> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const { SecretString = '{}' } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: arn }));
  const { username, password } = JSON.parse(SecretString) as Partial<DatabaseSecret>;
  if (username === undefined || password === undefined)
    throw new Error(`the secret ${arn} has no username and password`);
  return { username, password };
}
