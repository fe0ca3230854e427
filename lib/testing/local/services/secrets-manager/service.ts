import { randomBytes } from 'node:crypto';
import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import type { Need } from '../../kernel/judge';
import { isRecord, type JsonRecord, number, parseJson, record, records, text, texts } from '../../kernel/json';
import { pageOf } from '../../kernel/page';
import type { LocalContext, LocalService } from '../../kernel/service';
import { randomPassword } from './password';
import { Secret, type SecretVersion, stagesOf, valueOf } from './secret';

/** What Secrets Manager adds to the name of a secret in its ARN. */
const ADDED = /-\w{6}$/;
const DAY = 86_400;

/** Operations on one secret. */
const ON_ONE = [
  'GetSecretValue',
  'PutSecretValue',
  'UpdateSecret',
  'DescribeSecret',
  'DeleteSecret',
  'RestoreSecret',
  'ListSecretVersionIds',
  'UpdateSecretVersionStage',
  'TagResource',
  'UntagResource',
];
/** Those that a secret takes that is marked for deletion. */
const ON_DELETED = ['DescribeSecret', 'RestoreSecret', 'DeleteSecret', 'ListSecretVersionIds'];
const ON_ALL = ['ListSecrets', 'GetRandomPassword'];

/** AWS Secrets Manager: secrets as the user gives them, as the template generates them, and as handlers write them. */
export function secrets(context: LocalContext): LocalService {
  const given = new Map(Object.entries(context.options.secrets));
  const stored: Secret[] = context.deployment.ofType('AWS::SecretsManager::Secret').map((one) => {
    const secret = new Secret(one.arn, one.name);
    const value = takeGiven(one) ?? initialValue(one);
    if (value !== undefined) secret.put({ SecretString: value });
    secret.description = text(one.properties.Description);
    tag(secret, one.properties.Tags);
    return secret;
  });
  for (const [id, value] of given) stored.push(imported(id, value));

  function takeGiven({ name, arn, logicalId, displayName, resource }: Deployed): string | undefined {
    const key = [name, arn, logicalId, displayName, resource.id].find((one) => given.has(one));
    if (key === undefined) return undefined;
    const value = textOf(given.get(key));
    given.delete(key);
    return value;
  }

  /** A secret that the templates only refer to. */
  function imported(id: string, value: Parameters<typeof textOf>[0]): Secret {
    const name = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id)?.[1];
    // Only in an ARN may the end be an addition: a name may well end in `-secret`.
    const secret =
      name !== undefined && ADDED.test(name)
        ? new Secret(id, name.replace(ADDED, ''))
        : new Secret(context.arn('secretsmanager', `secret:${name ?? id}-000000`), name ?? id);
    secret.put({ SecretString: textOf(value) ?? '' });
    return secret;
  }

  /** A secret is named by its name, its ARN, or its ARN without the six characters at the end. */
  function find(id: string): Secret | undefined {
    return stored.find(({ arn, name }) => [arn, name, arn.replace(ADDED, '')].includes(id));
  }

  function secretOf({ operation, input }: Call): Secret {
    const found = find(text(input.SecretId) ?? '');
    if (!found) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    if (found.deletion === undefined || ON_DELETED.includes(operation)) return found;
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    throw new AwsError('InvalidRequestException', message);
  }

  async function handle(call: Call): Promise<HttpResponse> {
    return jsonResponse(answer(call));
  }

  function answer(call: Call): JsonRecord {
    const { operation, input } = call;
    switch (operation) {
      case 'CreateSecret':
        return create(input);
      case 'ListSecrets':
        return list(input);
      case 'GetRandomPassword':
        return { RandomPassword: randomPassword(input) };
      case 'BatchGetSecretValue':
        return {
          SecretValues: texts(input.SecretIdList)
            .flatMap((id) => find(id) ?? [])
            .map((one) => shown(one, one.select(undefined, undefined))),
          Errors: texts(input.SecretIdList)
            .filter((id) => !find(id))
            .map((SecretId) => ({
              SecretId,
              ErrorCode: 'ResourceNotFoundException',
              Message: "Secrets Manager can't find the specified secret.",
            })),
        };
      default:
        return onOne(operation, secretOf(call), input);
    }
  }

  function onOne(operation: string, secret: Secret, input: JsonRecord): JsonRecord {
    const named = { ARN: secret.arn, Name: secret.name };
    const token = text(input.ClientRequestToken);
    switch (operation) {
      case 'GetSecretValue':
        return shown(secret, secret.select(text(input.VersionId), text(input.VersionStage)));
      case 'PutSecretValue': {
        const value = valueOf(input);
        if (!value)
          throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
        const { id, stages } = secret.put(value, token, stagesOf(input));
        return { ...named, VersionId: id, VersionStages: stages };
      }
      case 'UpdateSecret': {
        const value = valueOf(input);
        secret.description = text(input.Description) ?? secret.description;
        return { ...named, ...(value && { VersionId: secret.put(value, token).id }) };
      }
      case 'UpdateSecretVersionStage':
        return moveStage(secret, input);
      case 'ListSecretVersionIds': {
        const all = secret.versions.filter(({ stages }) => stages.length > 0 || input.IncludeDeprecated === true);
        return {
          ...named,
          Versions: all.map(({ id, stages, created }) => ({
            VersionId: id,
            VersionStages: stages,
            CreatedDate: created,
          })),
        };
      }
      case 'DeleteSecret':
        return remove(secret, input);
      case 'RestoreSecret':
        secret.deletion = undefined;
        return named;
      case 'TagResource':
        tag(secret, input.Tags);
        return {};
      case 'UntagResource':
        for (const key of texts(input.TagKeys)) secret.tags.delete(key);
        return {};
      default:
        return described(secret);
    }
  }

  function create(input: JsonRecord): JsonRecord {
    const name = text(input.Name) ?? '';
    const before = find(name);
    if (before) {
      throw before.deletion === undefined
        ? new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`)
        : new AwsError(
            'InvalidRequestException',
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
          );
    }
    if (!/^[\w/+=.@-]{1,512}$/.test(name)) {
      const message =
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!';
      throw new AwsError('ValidationException', message);
    }
    const value = valueOf(input);
    const secret = new Secret(context.arn('secretsmanager', `secret:${name}-${suffix()}`), name);
    secret.description = text(input.Description);
    tag(secret, input.Tags);
    const version = value && secret.put(value, text(input.ClientRequestToken));
    stored.push(secret);
    return { ARN: secret.arn, Name: name, ...(version && { VersionId: version.id }) };
  }

  function list(input: JsonRecord): JsonRecord {
    const filters = records(input.Filters);
    const wanted = stored
      .filter(({ deletion }) => deletion === undefined || input.IncludePlannedDeletion === true)
      .filter((one) => filters.every((filter) => isWanted(one, filter)));
    const { items, next } = pageOf(wanted, text(input.NextToken), Math.min(number(input.MaxResults) ?? 100, 100));
    const SecretList = items.map((one) => {
      const { VersionIdsToStages, ...rest } = described(one);
      return { ...rest, SecretVersionsToStages: VersionIdsToStages };
    });
    return { SecretList, ...(next !== undefined && { NextToken: next }) };
  }

  function remove(secret: Secret, input: JsonRecord): JsonRecord {
    const days = number(input.RecoveryWindowInDays);
    if (days !== undefined && (days < 7 || days > 30)) {
      const message = 'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).';
      throw new AwsError('InvalidParameterException', message);
    }
    const now = Date.now() / 1000;
    if (input.ForceDeleteWithoutRecovery === true) {
      if (days !== undefined) {
        const message = "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.";
        throw new AwsError('InvalidParameterException', message);
      }
      stored.splice(stored.indexOf(secret), 1);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: now };
    }
    secret.deletion = now + (days ?? 30) * DAY;
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletion };
  }

  function needs({ operation, input }: Call): readonly Need[] | undefined {
    const on = (id: string, name = operation): Need => ({
      action: `secretsmanager:${name}`,
      resource: find(id)?.arn ?? (id.startsWith('arn:') ? id : context.arn('secretsmanager', `secret:${id}-??????`)),
      context: { 'secretsmanager:SecretId': id },
    });
    if (ON_ONE.includes(operation)) return [on(text(input.SecretId) ?? '')];
    if (ON_ALL.includes(operation)) return [{ action: `secretsmanager:${operation}`, resource: '*' }];
    if (operation === 'CreateSecret') {
      const name = text(input.Name) ?? '';
      const created = { ...on(name), context: { 'secretsmanager:Name': name } };
      return [created, ...(records(input.Tags).length > 0 ? [on(name, 'TagResource')] : [])];
    }
    // With a list of ids only: filters would read whatever is there.
    if (operation !== 'BatchGetSecretValue' || input.Filters !== undefined) return undefined;
    const each = texts(input.SecretIdList).map((id) => on(id, 'GetSecretValue'));
    return [{ action: 'secretsmanager:BatchGetSecretValue', resource: '*' }, ...each];
  }

  return {
    resourceTypes: ['AWS::SecretsManager::Secret', 'AWS::SecretsManager::ResourcePolicy'],
    api: {
      signingNames: ['secretsmanager'],
      protocol: 'json',
      denial: { code: 'AccessDeniedException', status: 400 },
      needs,
      handle,
    },
  };
}

function shown({ arn, name }: Secret, { id, value, stages, created }: SecretVersion): JsonRecord {
  return { ARN: arn, Name: name, VersionId: id, ...value, VersionStages: stages, CreatedDate: created };
}

function described({ arn, name, description, versions, tags, deletion, created }: Secret): JsonRecord {
  return {
    ARN: arn,
    Name: name,
    CreatedDate: created,
    ...(description !== undefined && { Description: description }),
    ...(deletion !== undefined && { DeletedDate: deletion }),
    Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
    VersionIdsToStages: Object.fromEntries(
      versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, stages]),
    ),
  };
}

function moveStage(secret: Secret, input: JsonRecord): JsonRecord {
  const stage = text(input.VersionStage) ?? '';
  const to = text(input.MoveToVersionId);
  const from = text(input.RemoveFromVersionId);
  const holder = secret.versions.find(({ stages }) => stages.includes(stage));
  if (to !== undefined && !secret.has(to)) {
    const message = `Secrets Manager can't find the specified secret value for VersionId: ${to}`;
    throw new AwsError('ResourceNotFoundException', message);
  }
  if (holder && holder.id !== to && from !== holder.id) {
    const message = `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`;
    throw new AwsError('InvalidParameterException', message);
  }
  secret.move(stage, to);
  return { ARN: secret.arn, Name: secret.name };
}

function tag(secret: Secret, tags: unknown): void {
  for (const { Key, Value } of records(tags)) secret.tags.set(text(Key) ?? '', text(Value) ?? '');
}

function isWanted({ name, description = '', tags }: Secret, { Key, Values }: JsonRecord): boolean {
  const held: Readonly<Record<string, readonly string[]>> = {
    name: [name],
    description: [description],
    'tag-key': [...tags.keys()],
    'tag-value': [...tags.values()],
  };
  const own = held[text(Key) ?? ''];
  if (!own) throw new AwsError('LocalRunUnsupported', `The local run does not filter secrets by '${text(Key)}'.`, 501);
  return texts(Values).some((value) =>
    value.startsWith('!')
      ? !own.some((one) => one.startsWith(value.slice(1)))
      : own.some((one) => one.startsWith(value)),
  );
}

/** Six characters, as Secrets Manager adds them. */
function suffix(): string {
  return randomBytes(9).toString('base64').replace(/[+/]/g, 'x').slice(0, 6);
}

function textOf(value: string | Readonly<Record<string, unknown>> | undefined): string | undefined {
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
