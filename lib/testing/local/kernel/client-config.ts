import type { RunContext } from './context';
import type { SigningCaller, SigningKeys } from './keys';

/** Credentials for an AWS SDK client. */
export type Credentials = SigningKeys;

/** Settings for an AWS SDK client. */
export interface ClientConfig {
  /** The local run's gateway. */
  readonly endpoint: string;
  /** The region of the stacks. */
  readonly region: string;
  /** Whose calls they are. */
  readonly credentials: Credentials;
  /** Some calls use a host prefix, `sync-states`; here they go to the gateway too. */
  readonly disableHostPrefix: true;
}

/** The settings for clients that call as somebody. */
export function clientConfig({ gateway, region }: RunContext, caller: SigningCaller): ClientConfig {
  return { endpoint: gateway.url, region, credentials: credentialsOf(caller), disableHostPrefix: true };
}

/** The credentials of a caller, without what tells who it is. */
export function credentialsOf({ accessKeyId, secretAccessKey, sessionToken }: SigningCaller): Credentials {
  return { accessKeyId, secretAccessKey, sessionToken };
}
