import { randomBytes } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import type { Call } from '../../kernel/call';
import { type JsonObject, number, records, text, texts } from '../../kernel/json';
import { pageOf } from '../../kernel/page';
import { randomPassword } from './password';
import { nameFault } from './refusals';
import { Secret, type SecretVersion, stagesOf, valueOf } from './secret';
import type { Secrets } from './secrets';

const DAY = 86_400;
/** Operations allowed on a secret scheduled for deletion. */
const ON_DELETED = ['DescribeSecret', 'RestoreSecret', 'DeleteSecret', 'ListSecretVersionIds'];

/** Secrets Manager operations on the secrets of a run. */
export class SecretOperations {
  /**
   * @param secrets the secrets
   * @param arn the ARN of a resource: `secret:name-123456`
   */
  constructor(
    private readonly secrets: Secrets,
    private readonly arn: (resource: string) => string,
  ) {}

  /**
   * Executes an operation.
   * @throws AwsError as Secrets Manager does
   */
  answer(call: Call): JsonObject {
    const { operation, input } = call;
    switch (operation) {
      case 'CreateSecret':
        return this.create(input);
      case 'ListSecrets':
        return this.list(input);
      case 'GetRandomPassword':
        return { RandomPassword: randomPassword(input) };
      case 'BatchGetSecretValue':
        return {
          SecretValues: texts(input.SecretIdList)
            .flatMap((id) => this.secrets.find(id) ?? [])
            .map((one) => shown(one, one.select(undefined, undefined))),
          Errors: texts(input.SecretIdList)
            .filter((id) => !this.secrets.find(id))
            .map((SecretId) => ({
              SecretId,
              ErrorCode: 'ResourceNotFoundException',
              Message: "Secrets Manager can't find the specified secret.",
            })),
        };
      default:
        return this.onOne(operation, this.secretOf(call), input);
    }
  }

  private secretOf({ operation, input }: Call): Secret {
    const found = this.secrets.find(text(input.SecretId) ?? '');
    if (!found) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    if (found.deletion === undefined || ON_DELETED.includes(operation)) return found;
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    throw new AwsError('InvalidRequestException', message);
  }

  private onOne(operation: string, secret: Secret, input: JsonObject): JsonObject {
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
        return this.remove(secret, input);
      case 'RestoreSecret':
        secret.deletion = undefined;
        return named;
      case 'TagResource':
        secret.tag(input.Tags);
        return {};
      case 'UntagResource':
        for (const key of texts(input.TagKeys)) secret.tags.delete(key);
        return {};
      default:
        return described(secret);
    }
  }

  private create(input: JsonObject): JsonObject {
    const name = text(input.Name) ?? '';
    const before = this.secrets.find(name);
    if (before) {
      throw before.deletion === undefined
        ? new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`)
        : new AwsError(
            'InvalidRequestException',
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
          );
    }
    const fault = nameFault(name);
    if (fault !== undefined) throw new AwsError('ValidationException', fault);
    const value = valueOf(input);
    const secret = new Secret(this.arn(`secret:${name}-${suffix()}`), name);
    secret.description = text(input.Description);
    secret.tag(input.Tags);
    const version = value && secret.put(value, text(input.ClientRequestToken));
    this.secrets.add(secret);
    return { ARN: secret.arn, Name: name, ...(version && { VersionId: version.id }) };
  }

  private list(input: JsonObject): JsonObject {
    const filters = records(input.Filters);
    const wanted = this.secrets.all
      .filter(({ deletion }) => deletion === undefined || input.IncludePlannedDeletion === true)
      .filter((one) => filters.every((filter) => isWanted(one, filter)));
    const { items, next } = pageOf(wanted, text(input.NextToken), Math.min(number(input.MaxResults) ?? 100, 100));
    const SecretList = items.map((one) => {
      const { VersionIdsToStages, ...rest } = described(one);
      return { ...rest, SecretVersionsToStages: VersionIdsToStages };
    });
    return { SecretList, ...(next !== undefined && { NextToken: next }) };
  }

  private remove(secret: Secret, input: JsonObject): JsonObject {
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
      this.secrets.remove(secret);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: now };
    }
    secret.deletion = now + (days ?? 30) * DAY;
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletion };
  }
}

function shown({ arn, name }: Secret, { id, value, stages, created }: SecretVersion): JsonObject {
  return { ARN: arn, Name: name, VersionId: id, ...value, VersionStages: stages, CreatedDate: created };
}

function described({ arn, name, description, versions, tags, deletion, created }: Secret): JsonObject {
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

function moveStage(secret: Secret, input: JsonObject): JsonObject {
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

function isWanted({ name, description = '', tags }: Secret, { Key, Values }: JsonObject): boolean {
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

/** Six random characters, as appended by Secrets Manager. */
function suffix(): string {
  return randomBytes(9).toString('base64').replace(/[+/]/g, 'x').slice(0, 6);
}
