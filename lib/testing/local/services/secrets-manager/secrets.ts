import type { Deployed } from '../../kernel/deployment';
import { isRecord, parseJson, recordOf, text } from '../../kernel/json';
import { KeptResources } from '../../kernel/kept-resources';
import type { LocalContext } from '../../kernel/service';
import { passwordFault, randomPassword } from './password';
import { secretFaults } from './refusals';
import { Secret } from './secret';

/** The CloudFormation type of a secret. */
export const SECRET = 'AWS::SecretsManager::Secret';

/** The suffix that Secrets Manager appends to the name in the ARN. */
const ADDED = /-\w{6}$/;

type Given = string | Readonly<Record<string, unknown>>;

/** The secrets of a run: provided by the user, saved from earlier runs, or generated from the templates. */
export class Secrets {
  private readonly stored: Secret[] = [];
  private readonly given: Map<string, Given>;
  private readonly between: KeptResources;

  /** @param context the local run */
  constructor(private readonly context: LocalContext) {
    this.given = new Map(Object.entries(context.options.secrets));
    this.between = new KeptResources(context, 'secrets.json', SECRET);
  }

  get all(): readonly Secret[] {
    return this.stored;
  }

  /** Finds a secret by name, ARN, or ARN without the six-character suffix. */
  find(id: string): Secret | undefined {
    return this.stored.find(({ arn, name }) => [arn, name, arn.replace(ADDED, '')].includes(id));
  }

  /** Loads saved and template secrets; other user-provided secrets are only referenced by the templates. */
  start(): void {
    for (const [name, content] of this.between.load()) this.stored.push(Secret.restored(name, content));
    this.context.deployment.ofType(SECRET).forEach((one) => this.make(one));
    const planned = this.context.deployment.planned.filter(({ type }) => type === SECRET);
    for (const [id, value] of this.given) if (!planned.some((one) => namesOf(one).includes(id))) this.import(id, value);
    // The values that were just generated, too: handlers may use them from now on.
    this.save();
  }

  /** Creates a template's secret. */
  make(one: Deployed): void {
    const { displayName: resource, type } = one;
    for (const fault of secretFaults(one.given))
      this.context.unsupported({ resource, type, reason: `AWS refuses to create it: ${fault}` });
    const fate = this.between.fateOf(one);
    const given = namesOf(one)
      .map((name) => this.given.get(name))
      .find((value) => value !== undefined);
    if (given === undefined && fate.is === 'deleted') return;
    const known = given === undefined && 'content' in fate;
    const secret = known ? Secret.restored(one.name, fate.content) : new Secret(one.arn, one.name);
    this.stored.push(secret);
    if (given === undefined && fate.is === 'kept') return;
    // A generated value survives other changes to the secret.
    const generates = !known || text(one.properties.SecretString) !== undefined;
    const value = textOf(given) ?? (generates ? initialValue(one) : undefined);
    if (value !== undefined) secret.put({ SecretString: value });
    secret.description = text(one.properties.Description);
    secret.tag(one.properties.Tags);
  }

  /** Adds a handler-created secret. */
  add(secret: Secret): void {
    this.stored.push(secret);
  }

  remove(secret: Secret): void {
    this.stored.splice(this.stored.indexOf(secret), 1);
  }

  /** Saves them for the next run, except user-provided values. */
  save(): void {
    const own = this.stored.filter(({ arn, name }) => !this.given.has(arn) && !this.given.has(name));
    this.between.save(new Map(own.map((secret) => [secret.name, secret.content])));
  }

  private import(id: string, value: Given): void {
    const name = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id)?.[1];
    // Only an ARN can have the suffix: a name may well end in `-secret`.
    const secret =
      name !== undefined && ADDED.test(name)
        ? new Secret(id, name.replace(ADDED, ''))
        : new Secret(this.context.arn('secretsmanager', `secret:${name ?? id}-000000`), name ?? id);
    secret.put({ SecretString: textOf(value) ?? '' });
    this.stored.push(secret);
  }
}

/** The names under which the user may provide a secret. */
function namesOf({ name, arn, logicalId, displayName, resource }: Deployed): readonly string[] {
  return [name, arn, logicalId, displayName, resource.id];
}

function textOf(value: Given | undefined): string | undefined {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** The initial value set by CloudFormation. */
function initialValue({ properties }: Deployed): string | undefined {
  const given = text(properties.SecretString);
  if (given !== undefined || !isRecord(properties.GenerateSecretString)) return given;
  const settings = recordOf(properties.GenerateSecretString);
  if (passwordFault(settings) !== undefined) return undefined;
  const generated = randomPassword(settings);
  const key = text(settings.GenerateStringKey);
  if (key === undefined) return generated;
  const template = parseJson(text(settings.SecretStringTemplate) ?? '{}');
  return JSON.stringify({ ...recordOf(template), [key]: generated });
}
