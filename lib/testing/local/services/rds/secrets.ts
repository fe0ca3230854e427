import type { Caller } from '../../kernel/caller';
import { jsonCall } from '../../kernel/forward';
import { type JsonRecord, parseJson, record, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';

const REFERENCE = /^\{\{resolve:secretsmanager:(.+?):SecretString(?::([^:}]*))?(?::[^}]*)?\}\}$/;

/** Reads secrets as somebody. */
export class SecretReader {
  /** CloudFormation resolves references with the access of whoever deploys. */
  private readonly deployer: Caller;

  /** @param context whose secrets */
  constructor(private readonly context: LocalContext) {
    const arn = context.arn('iam', 'user/deployer').replace(/:iam:[^:]*:/, ':iam::');
    this.deployer = { accessKeyId: '', name: 'CloudFormation', arn, policies: 'everything' };
  }

  /** What a secret holds, or why it is not to be had. @param caller judged by its policies; by default whoever deploys */
  async read(id: string, caller: Caller = this.deployer): Promise<JsonRecord | string> {
    const request = jsonCall('secretsmanager', 'GetSecretValue', { SecretId: id });
    const answer = await this.context.call('secretsmanager', { ...request }, caller);
    const body = record(parseJson(String(answer.body)));
    if (answer.status !== 200) return text(body.message ?? body.Message) ?? String(answer.body);
    return record(parseJson(text(body.SecretString) ?? ''));
  }

  /** A value of a template, with a reference to a secret resolved; undefined where that is not to be had. */
  async resolved(value: unknown): Promise<string | undefined> {
    const given = text(value);
    const [, id, key = ''] = REFERENCE.exec(given ?? '') ?? [];
    if (id === undefined) return given;
    const secret = await this.read(this.named(id));
    return typeof secret === 'string' ? undefined : text(secret[key]);
  }

  /** A reference within a reference is written as the id of the resource: `${Shop/Password}`. */
  private named(id: string): string {
    const { planned } = this.context.deployment;
    return id.replace(/\$\{([^}]+)\}/g, (whole, found: string) => {
      return planned.find(({ resource }) => resource.id === found)?.ref ?? whole;
    });
  }
}
