import type { Caller } from '../../kernel/caller';
import { jsonCall } from '../../kernel/forward';
import { type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';

const REFERENCE = /^\{\{resolve:secretsmanager:(.+?):SecretString(?::([^:}]*))?(?::[^}]*)?\}\}$/;

/** Reads secrets on behalf of a caller. */
export class SecretReader {
  /** CloudFormation resolves dynamic references with the deployer's permissions. */
  private readonly deployer: Caller;

  /** @param context the local run */
  constructor(private readonly context: LocalContext) {
    const arn = context.arn('iam', 'user/deployer').replace(/:iam:[^:]*:/, ':iam::');
    this.deployer = { accessKeyId: '', name: 'CloudFormation', arn, policies: 'everything' };
  }

  /** The content of a secret, or why it cannot be read. @param caller whose policies apply; by default the deployer */
  async read(id: string, caller: Caller = this.deployer): Promise<JsonObject | string> {
    const request = jsonCall('secretsmanager', 'GetSecretValue', { SecretId: id });
    const answer = await this.context.call('secretsmanager', { ...request }, caller);
    const body = recordOf(parseJson(String(answer.body)));
    if (answer.status !== 200) return text(body.message ?? body.Message) ?? String(answer.body);
    return recordOf(parseJson(text(body.SecretString) ?? ''));
  }

  /** A template value with a secret reference resolved; undefined if that fails. */
  async resolved(value: unknown): Promise<string | undefined> {
    const given = text(value);
    const [, id, key = ''] = REFERENCE.exec(given ?? '') ?? [];
    if (id === undefined) return given;
    const secret = await this.read(this.named(id));
    return typeof secret === 'string' ? undefined : text(secret[key]);
  }

  /** A nested reference is written as the resource's id: `${Shop/Password}`. */
  private named(id: string): string {
    const { planned } = this.context.deployment;
    return id.replace(/\$\{([^}]+)\}/g, (whole, found: string) => {
      return planned.find(({ resource }) => resource.id === found)?.ref ?? whole;
    });
  }
}
