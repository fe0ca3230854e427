/** The current content of a secret. */
export async function secretIn(arn: string): Promise<string> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager').catch(() => {
    throw new Error("'@aws-sdk/client-secrets-manager' is not installed; Lambda's runtime includes it");
  });
  const client = new SecretsManagerClient({});
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (SecretString === undefined) throw new Error(`the secret ${arn} has no text`);
    return SecretString;
  } finally {
    client.destroy();
  }
}
