import type { Deployed } from '../../kernel/deployment';
import { isRecord, parseJson, record, text } from '../../kernel/json';
import { KeptResources } from '../../kernel/kept-resources';
import type { LocalContext } from '../../kernel/service';
import { randomPassword } from './password';
import { Secret } from './secret';

/** The CloudFormation type of a secret. */
export const SECRET = 'AWS::SecretsManager::Secret';

/** What Secrets Manager adds to the name of a secret in its ARN. */
const ADDED = /-\w{6}$/;

type Given = string | Readonly<Record<string, unknown>>;

/** The secrets of a run: as the user gives them, as handlers have left them, as the templates generate them. */
export class Secrets {
  private readonly stored: Secret[] = [];
  private readonly given: Map<string, Given>;
  private readonly between: KeptResources;

  /** @param context what they need */
  constructor(private readonly context: LocalContext) {
    this.given = new Map(Object.entries(context.options.secrets));
    this.between = new KeptResources(context.data, 'secrets.json');
  }

  get all(): readonly Secret[] {
    return this.stored;
  }

  /** A secret is named by its name, its ARN, or its ARN without the six characters at the end. */
  find(id: string): Secret | undefined {
    return this.stored.find(({ arn, name }) => [arn, name, arn.replace(ADDED, '')].includes(id));
  }

  /** Reads what was kept and what the templates say; what the user gives beside that, the templates only refer to. */
  start(): void {
    for (const [name, content] of this.between.load()) this.stored.push(Secret.restored(name, content));
    this.context.deployment.ofType(SECRET).forEach((one) => this.make(one));
    const planned = this.context.deployment.planned.filter(({ type }) => type === SECRET);
    for (const [id, value] of this.given) if (!planned.some((one) => namesOf(one).includes(id))) this.import(id, value);
  }

  /** A secret of the templates. */
  make(one: Deployed): void {
    const fate = this.between.fateOf(one);
    const given = namesOf(one)
      .map((name) => this.given.get(name))
      .find((value) => value !== undefined);
    if (given === undefined && fate.is === 'deleted') return;
    const known = given === undefined && 'content' in fate;
    const secret = known ? Secret.restored(one.name, fate.content) : new Secret(one.arn, one.name);
    this.stored.push(secret);
    if (given === undefined && fate.is === 'kept') return;
    // A generated value stays when something else of the secret changes.
    const generates = !known || text(one.properties.SecretString) !== undefined;
    const value = textOf(given) ?? (generates ? initialValue(one) : undefined);
    if (value !== undefined) secret.put({ SecretString: value });
    secret.description = text(one.properties.Description);
    secret.tag(one.properties.Tags);
  }

  /** A secret that a handler makes. */
  add(secret: Secret): void {
    this.stored.push(secret);
  }

  remove(secret: Secret): void {
    this.stored.splice(this.stored.indexOf(secret), 1);
  }

  /** Keeps them for the next run, but for what the user gives each time. */
  save(): void {
    const own = this.stored.filter(({ arn, name }) => !this.given.has(arn) && !this.given.has(name));
    this.between.save(new Map(own.map((secret) => [secret.name, secret.content])));
  }

  private import(id: string, value: Given): void {
    const name = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id)?.[1];
    // Only in an ARN may the end be an addition: a name may well end in `-secret`.
    const secret =
      name !== undefined && ADDED.test(name)
        ? new Secret(id, name.replace(ADDED, ''))
        : new Secret(this.context.arn('secretsmanager', `secret:${name ?? id}-000000`), name ?? id);
    secret.put({ SecretString: textOf(value) ?? '' });
    this.stored.push(secret);
  }
}

/** By what the user may mean it. */
function namesOf({ name, arn, logicalId, displayName, resource }: Deployed): readonly string[] {
  return [name, arn, logicalId, displayName, resource.id];
}

function textOf(value: Given | undefined): string | undefined {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** What CloudFormation would put into a new secret. */
function initialValue({ properties }: Deployed): string | undefined {
  const given = text(properties.SecretString);
  if (given !== undefined || !isRecord(properties.GenerateSecretString)) return given;
  const settings = record(properties.GenerateSecretString);
  const generated = randomPassword(settings);
  const key = text(settings.GenerateStringKey);
  if (key === undefined) return generated;
  const template = parseJson(text(settings.SecretStringTemplate) ?? '{}');
  return JSON.stringify({ ...record(template), [key]: generated });
}
