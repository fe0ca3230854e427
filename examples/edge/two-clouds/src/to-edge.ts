import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { eventPoster, subscriber } from 'lintel/runtime';

const secrets = new SecretsManagerClient({});
const key = async () => {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.KEY }));
  return SecretString;
};
const post = eventPoster({ url: process.env.EDGE!, secret: key });

export const handler = subscriber({ on: { PaymentTaken: (_, event) => post(event) } });
