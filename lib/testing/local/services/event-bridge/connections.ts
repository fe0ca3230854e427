import { AwsError } from '../../kernel/aws-errors';
import { backendOf, whyBackendNotRun } from '../../kernel/backends';
import type { Caller } from '../../kernel/caller';
import type { Deployed } from '../../kernel/deployment';
import { jsonCall } from '../../kernel/forward';
import { type JsonObject, parseJson, recordOf, records, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';

const CONNECTION = 'AWS::Events::Connection';

/** The service itself, which reads the secrets it got from CloudFormation. */
const EVENTS: Caller = { accessKeyId: '', name: 'EventBridge', arn: 'events.amazonaws.com', policies: 'everything' };

/** A connection's additions to a request. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly body: Readonly<Record<string, string>>;
}

/** Connections of API destinations. Their secrets are never logged. */
export class Connections {
  private readonly tokens = new Map<string, string>();

  /** @param context what they work with */
  constructor(private readonly context: LocalContext) {}

  /** Why a connection does not work here; undefined if it does. */
  whyNotRun(arn: string): string | undefined {
    const connection = this.find(arn);
    if (!connection) return `its connection '${arn}' is in no template`;
    const { AuthorizationEndpoint } = oauthOf(connection);
    const endpoint = text(AuthorizationEndpoint);
    return endpoint === undefined
      ? undefined
      : whyBackendNotRun(this.context, this.context.localized(endpoint), [connection.displayName]);
  }

  /** Whether a connection can renew its token. */
  renews(arn: string): boolean {
    return this.find(arn)?.properties.AuthorizationType === 'OAUTH_CLIENT_CREDENTIALS';
  }

  /**
   * The authorization of a request.
   * @param renewed whether to request a new token
   * @throws AwsError when a secret or token is unavailable
   */
  async authorization(arn: string, renewed: boolean): Promise<Authorization> {
    const connection = this.find(arn);
    if (!connection) throw new AwsError('NO_RESOURCE', `There is no connection '${arn}'`, 404);
    const parameters = recordOf(connection.properties.AuthParameters);
    const added = await this.added(recordOf(parameters.InvocationHttpParameters));
    return { ...added, headers: { ...added.headers, ...(await this.headers(connection, parameters, renewed)) } };
  }

  private find(arn: string): Deployed | undefined {
    return this.context.deployment.ofType(CONNECTION).find((one) => one.attribute('Arn') === arn || one.arn === arn);
  }

  private async headers(
    connection: Deployed,
    parameters: JsonObject,
    renewed: boolean,
  ): Promise<Record<string, string>> {
    switch (connection.properties.AuthorizationType) {
      case 'API_KEY': {
        const { ApiKeyName, ApiKeyValue } = recordOf(parameters.ApiKeyAuthParameters);
        return { [text(ApiKeyName) ?? '']: await this.secret(ApiKeyValue) };
      }
      case 'BASIC': {
        const { Username, Password } = recordOf(parameters.BasicAuthParameters);
        const pair = `${await this.secret(Username)}:${await this.secret(Password)}`;
        return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
      }
      default:
        return { authorization: `Bearer ${await this.token(connection, renewed)}` };
    }
  }

  private async token(connection: Deployed, renewed: boolean): Promise<string> {
    const known = this.tokens.get(connection.displayName);
    if (known !== undefined && !renewed) return known;
    const { AuthorizationEndpoint, HttpMethod, ClientParameters, OAuthHttpParameters } = oauthOf(connection);
    const endpoint = this.context.localized(text(AuthorizationEndpoint) ?? '');
    const url = backendOf(this.context, endpoint, [connection.displayName]);
    if (!url) throw new AwsError('LocalRunUnsupported', `'${endpoint}' is not on this machine`, 501);
    const { ClientID, ClientSecret } = recordOf(ClientParameters);
    const added = await this.added(recordOf(OAuthHttpParameters));
    const form = {
      grant_type: 'client_credentials',
      client_id: await this.secret(ClientID),
      client_secret: await this.secret(ClientSecret),
      ...added.body,
    };
    for (const [name, value] of added.query) url.searchParams.set(name, value);
    const answer = await this.requestToken(url, text(HttpMethod) ?? 'POST', form, added.headers);
    this.tokens.set(connection.displayName, answer);
    return answer;
  }

  private async requestToken(
    url: URL,
    method: string,
    form: Record<string, string>,
    headers: Authorization['headers'],
  ): Promise<string> {
    const body = method === 'GET' ? undefined : new URLSearchParams(form);
    if (!body) for (const [name, value] of Object.entries(form)) url.searchParams.set(name, value);
    const failure = (why: string) =>
      new AwsError('CONNECTION_FAILURE', `the authorization endpoint '${url.origin}' ${why}`, 503);
    const response = await fetch(url, { method, headers, ...(body && { body }) }).catch(() => {
      throw failure('does not answer');
    });
    const token = text(recordOf(parseJson(await response.text())).access_token);
    if (!response.ok || token === undefined) throw failure(`gave no token (${response.status})`);
    return token;
  }

  private async added({ HeaderParameters, QueryStringParameters, BodyParameters }: JsonObject): Promise<Authorization> {
    const pairs = async (given: unknown) =>
      Promise.all(records(given).map(async ({ Key, Value }) => [text(Key) ?? '', await this.secret(Value)] as const));
    return {
      headers: Object.fromEntries(await pairs(HeaderParameters)),
      query: await pairs(QueryStringParameters),
      body: Object.fromEntries(await pairs(BodyParameters)),
    };
  }

  /** Resolves `{{resolve:secretsmanager:name:SecretString:key}}` in a value, as CloudFormation does. */
  private async secret(value: unknown): Promise<string> {
    const written = text(value) ?? '';
    const found = /^\{\{resolve:secretsmanager:(.+?):SecretString(?::([^:}]*))?(?::[^:}]*){0,2}\}\}$/.exec(written);
    if (!found) return written;
    const [, SecretId, key = ''] = found;
    const call = jsonCall('secretsmanager', 'GetSecretValue', { SecretId });
    const { status, body } = await this.context.call('secretsmanager', call, EVENTS);
    const secret = text(recordOf(parseJson(String(body))).SecretString);
    if (status !== 200 || secret === undefined)
      throw new AwsError('NO_RESOURCE', `the secret '${SecretId}' of a connection has no value`, 404);
    return key === '' ? secret : (text(recordOf(parseJson(secret))[key]) ?? '');
  }
}

function oauthOf({ properties }: Deployed): JsonObject {
  return recordOf(recordOf(properties.AuthParameters).OAuthParameters);
}
