import type { Caller } from '../../../kernel/caller';
import type { Deployed } from '../../../kernel/deployment';
import { records, text } from '../../../kernel/json';
import type { SigningCaller } from '../../../kernel/keys';
import type { LocalContext } from '../../../kernel/service';
import { type Database, fatal } from '../database/database';
import type { SecretReader } from '../secrets';
import { noteRefusal, signerOf } from '../token';
import type { StartupRequest } from '../wire/gate';
import type { PostgresError } from '../wire/messages';

/** The endpoint a client connects to, and the database behind it. */
export interface Door {
  /** The endpoint's host name in tokens. */
  readonly host: string;
  readonly port: number;
  readonly database: Database | undefined;
}

/** Authenticates a proxy's clients by IAM token or secret, and the proxy to the database. */
export class SignIn {
  /**
   * @param proxy the proxy
   * @param parts its dependencies
   */
  constructor(
    private readonly proxy: Deployed,
    private readonly parts: { readonly context: LocalContext; readonly secrets: SecretReader },
  ) {}

  /** The error for a rejected client (the reason goes to the logs); undefined if it is accepted. */
  async authenticate(startup: StartupRequest, password: string, door: Door): Promise<PostgresError | undefined> {
    const refusal = await this.whyNotAuthenticated(startup, password, door);
    if (refusal === undefined) return undefined;
    const source = this.proxy.displayName;
    const message = `${startup.user} is denied access by '${source}': ${refusal.why}`;
    noteRefusal(this.parts.context, { source, token: password, message });
    return refusal.error;
  }

  private async whyNotAuthenticated(
    startup: StartupRequest,
    password: string,
    door: Door,
  ): Promise<Refusal | undefined> {
    const { properties } = this.proxy;
    const role = this.parts.context.assume(text(properties.RoleArn) ?? '', {
      service: 'rds.amazonaws.com',
      acting: this.proxy,
    });
    if (typeof role === 'string') return noCredentials(startup.user, role);
    return text(properties.DefaultAuthScheme) === 'IAM_AUTH'
      ? this.whyNotByToken(startup, password, { ...door, role })
      : this.whyNotBySecret(startup, password, { ...door, role });
  }

  /** End-to-end IAM: the proxy authenticates to the database with its own role's token. */
  private async whyNotByToken(startup: StartupRequest, token: string, behind: Behind): Promise<Refusal | undefined> {
    const { user } = startup;
    const { database, role } = behind;
    const signer = this.whyNoToken(startup, token, behind);
    if (typeof signer === 'string') return badToken(user, signer);
    const need = { action: 'rds-db:connect', resource: database?.userArn(user) ?? '' };
    const denied = this.parts.context.access.refusal(role, [need], 'platform');
    if (denied) return noCredentials(user, denied.message);
    if (database?.takesTokens !== true) {
      return noCredentials(user, `'${database?.name}' does not take tokens: EnableIAMDatabaseAuthentication is off`);
    }
    const known = await database.roleOf(user);
    if (known?.iam === true && known.canLogin) return undefined;
    const why = known
      ? `the user '${user}' of the database has not the role rds_iam`
      : `the database has no user '${user}'`;
    return noCredentials(user, why);
  }

  /** The proxy authenticates to the database with credentials from a secret. */
  private async whyNotBySecret(
    startup: StartupRequest,
    password: string,
    behind: Behind,
  ): Promise<Refusal | undefined> {
    const { user } = startup;
    const { database, role } = behind;
    const tried: string[] = [];
    for (const { SecretArn, IAMAuth } of records(this.proxy.properties.Auth)) {
      const secret = await this.parts.secrets.read(text(SecretArn) ?? '', role);
      if (typeof secret === 'string') tried.push(secret);
      if (typeof secret === 'string' || text(secret.username) !== user) continue;
      if (text(IAMAuth) === 'REQUIRED') {
        const signer = this.whyNoToken(startup, password, behind);
        if (typeof signer === 'string') return badToken(user, signer);
      } else if (password !== text(secret.password)) {
        return {
          why: `the password of '${user}' is wrong`,
          error: fatal('28P01', `The password that was provided for the role ${user} is wrong.`),
        };
      }
      const known = await database?.roleOf(user);
      if (known?.iam === true)
        return noCredentials(user, `'${user}' has the role rds_iam, and so signs in by no password of a secret`);
      if (known && database?.opens(known, text(secret.password) ?? '')) return undefined;
      return noCredentials(user, `the password in the secret does not open the database for '${user}'`);
    }
    return noCredentials(user, tried.join('; ') || `no secret of the proxy is of the user '${user}'`);
  }

  /** The caller who signed a valid token for this endpoint; otherwise why it is invalid. */
  private whyNoToken({ encrypted, user }: StartupRequest, token: string, { host, port }: Door): SigningCaller | string {
    const { context } = this.parts;
    if (!encrypted) return 'a token is taken over TLS only';
    const { region } = this.proxy;
    const signer = signerOf(token, { host, port, user, region }, (key) => context.callerOf(key));
    if (typeof signer === 'string') return signer;
    const id = this.proxy.attribute('DBProxyArn')?.split(':').at(-1) ?? '';
    const resource = this.proxy.arnHere('rds-db', `dbuser:${id}/${user}`);
    return context.access.refusal(signer, [{ action: 'rds-db:connect', resource }])?.message ?? signer;
  }
}

/** An endpoint, and the identity the proxy uses behind it. */
interface Behind extends Door {
  readonly role: Caller;
}

/** Why a client is rejected: the error for the client and the reason for the log. */
interface Refusal {
  readonly error: PostgresError;
  readonly why: string;
}

function badToken(user: string, why: string): Refusal {
  const text = `The IAM authentication failed for the role ${user}. Check the IAM token for this role and try again.`;
  return { why, error: fatal('28P01', text) };
}

function noCredentials(user: string, why: string): Refusal {
  const text = `This RDS proxy has no credentials for the role ${user}. Check the credentials for this role and try again.`;
  return { why, error: fatal('28000', text) };
}
