import { ENCRYPTED, encryptedArn, isKeyOfAws } from '../../../core/iam/key-uses';
import { AwsError } from './aws-errors';
import type { Call } from './call';
import type { Caller } from './caller';
import type { Deployed, Deployment } from './deployment';
import { messageOf } from './errors';
import { isRecord, type JsonObject, asList, text } from './json';
import type { Need } from './judge';
import type { LocalContext, Sender, ServiceApi } from './service';

/** What a service does with a queue's or topic's key to put something encrypted into it. */
const BY_SERVICES = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** The use of a key that an encrypted resource requires. */
export interface KeyUse {
  /** As the resource has it: an id, an ARN or an alias. */
  readonly key: string;
  /** Actions of KMS. */
  readonly actions: readonly string[];
  /**
   * The service through which the key is used, as in `kms:ViaService`.
   * @default - none: the caller's role calls KMS itself
   */
  readonly service?: string | undefined;
  /** What is encrypted, for messages: `queue`. */
  readonly of: string;
  /**
   * The service's encryption context: `{ 'aws:sqs:arn': 'arn:...' }`.
   * @default - unknown: conditions on it are not met
   */
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

/** How a service refuses a caller that may not use the key. */
export interface KeyDenial {
  /** The code of the error. */
  readonly code: string;
  /** The HTTP status. */
  readonly status: number;
}

/** How a call uses the keys of its resources, given its needs. */
export function keyUses(context: LocalContext, needs: readonly Need[]): readonly KeyUse[] {
  return needs.flatMap(({ action, resource }) =>
    typesOf(action).flatMap((type) => {
      const { uses, service, of, context: named } = ENCRYPTED[type]!;
      const found = context.deployment.withArn(encryptedArn(resource), type);
      const key = found && keyGiven(found, context.region);
      const given = found && named !== undefined ? { [named]: found.arn } : undefined;
      return key === undefined ? [] : [{ key, actions: uses[action]!, service, of, encryptionContext: given }];
    }),
  );
}

/** The key that a template resource is encrypted with; undefined if it names none. */
export function keyGiven({ type, properties }: Deployed, region: string): string | undefined {
  const { keyAt } = ENCRYPTED[type] ?? {};
  if (keyAt === undefined) return undefined;
  return textAt(properties, keyAt, region);
}

/**
 * The first text at the path of a property, undefined if it is empty, as CDK writes an archive without a key. Of a
 * table's replicas, only the one in this region counts.
 */
export function textAt(properties: JsonObject, path: string, region: string): string | undefined {
  return text(valuesAt(properties, path.split('.'), region).find((value) => value !== undefined)) || undefined;
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[], region: string): readonly unknown[] {
  if (name === undefined) return [value];
  const isHere = (one: unknown) => !isRecord(one) || one.Region === undefined || one.Region === region;
  if (name === '*')
    return asList(value)
      .filter(isHere)
      .flatMap((one) => valuesAt(one, rest, region));
  return isRecord(value) ? valuesAt(value[name], rest, region) : [];
}

/**
 * Judges whether a service may use the key of its delivery target. A key that is in no template is not judged.
 * @throws AwsError when the key does not admit it
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
function judgeService(
  context: LocalContext,
  { key: given, of }: KeyUse,
  { service, arn }: Exclude<Sender, Caller>,
  { code, status }: KeyDenial,
): void {
  const refused = (why: string) => new AwsError(code, `${service} may not use ${why}`, status);
  if (isKeyOfAws(given)) throw refused(`the key '${given}', which admits no service`);
  const key = keyNamed(context.deployment, given);
  if (!key) return;
  for (const action of BY_SERVICES) {
    if (context.access.servicePermitted(service, { action, resource: key.arn }, arn)) continue;
    throw refused(`the key ${key.displayName} of the ${of}: its policy does not allow ${action}`);
  }
}

/**
 * Judges whether a role may use a key through a service. Its own policy is not enough: the key policy must also name
 * the account or the role.
 * @param by whether its code calls, or a service on its behalf
 * @throws AwsError when either policy does not admit it
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 */
export function judgeKeyUse(
  context: LocalContext,
  { key: given, actions, service, of, encryptionContext = {} }: KeyUse,
  caller: Caller,
  { code, status }: KeyDenial,
  by: 'code' | 'platform',
): void {
  if (caller.policies === 'everything') return;
  const key = keyNamed(context.deployment, given);
  if (!key) return;
  const via = {
    ...(service !== undefined && { 'kms:ViaService': `${service}.${context.region}.amazonaws.com` }),
    'kms:CallerAccount': context.account,
    ...encryptionConditions(encryptionContext),
  };
  const needs = actions.map((action) => ({ action, resource: key.arn, context: { ...via, ...aliases(context, key) } }));
  const denial = context.access.refusal(caller, needs, by);
  if (!denial) return;
  const account = `arn:aws:iam::${context.account}:root`;
  const named = [account, caller.arn].some((who) => context.access.servicePermitted(who, denial.need, key.arn));
  if (named || context.policies.ofResource(key.arn) === undefined) throw new AwsError(code, denial.message, status);
  const why = `its policy names neither the account nor the role for ${denial.need.action}`;
  throw new AwsError(code, `${caller.arn} may not use the key ${key.displayName} of the ${of}: ${why}`, status);
}

/** The condition keys that an encryption context sets. */
export function encryptionConditions(encryptionContext: Readonly<Record<string, string>>): Need['context'] {
  const names = Object.keys(encryptionContext);
  if (names.length === 0) return {};
  const values = Object.entries(encryptionContext).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
  return { 'kms:EncryptionContextKeys': names, ...(Object.fromEntries(values) as Record<string, string>) };
}

/** Judges the sender of a delivery to an encrypted resource. @throws AwsError when the key does not admit it */
export function judgeKeysOfDelivery(context: LocalContext, need: Need, sender: Sender, denial: KeyDenial): void {
  for (const use of keyUses(context, [need])) {
    if ('service' in sender) judgeService(context, use, sender, denial);
    else judgeKeyUse(context, use, sender, denial, 'platform');
  }
}

/** Judges an allowed call's use of keys. @throws AwsError when it is refused */
export function judgeKeysOfCall(
  context: LocalContext,
  api: ServiceApi,
  call: Call,
  needs: readonly Need[],
  by: 'code' | 'platform',
): void {
  if (call.caller.policies === 'everything') return;
  const { code, status, key = { code, status } } = api.denial;
  for (const use of api.keys?.(call) ?? keyUses(context, needs)) judgeKeyUse(context, use, call.caller, key, by);
}

/** Why a role may not read a source or use its key; undefined if it may. */
export function readingRefusal(context: LocalContext, caller: Caller, needs: readonly Need[]): string | undefined {
  const denial = context.access.refusal(caller, needs, 'platform');
  if (denial) return denial.message;
  try {
    for (const use of keyUses(context, needs)) judgeKeyUse(context, use, caller, READING, 'platform');
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

const READING: KeyDenial = { code: 'KMSAccessDeniedException', status: 400 };

/** The condition keys by which a policy may identify a key. */
function aliases({ deployment }: LocalContext, key: Deployed): Need['context'] {
  const names = deployment
    .ofType('AWS::KMS::Alias')
    .filter(({ properties }) => isNamed(key, text(properties.TargetKeyId) ?? ''))
    .map(({ properties }) => text(properties.AliasName) ?? '');
  return names.length > 0 ? { 'kms:ResourceAliases': names } : {};
}

/** A key of the templates by its id, its ARN or an alias. */
export function keyNamed(deployment: Deployment, given: string): Deployed | undefined {
  const alias = deployment
    .ofType('AWS::KMS::Alias')
    .find(({ properties }) => given.endsWith(text(properties.AliasName) ?? '\n'));
  const id = alias ? (text(alias.properties.TargetKeyId) ?? '') : given;
  return deployment.ofType('AWS::KMS::Key').find((key) => isNamed(key, id));
}

function isNamed({ arn, ref }: Deployed, id: string): boolean {
  return id === arn || id === ref || id.endsWith(`/${ref}`);
}

/** Types of encrypted resources whose key an action takes. */
const TYPES = new Map<string, readonly string[]>();

function typesOf(action: string): readonly string[] {
  const known = TYPES.get(action);
  if (known) return known;
  const found = Object.keys(ENCRYPTED).filter((type) => Object.hasOwn(ENCRYPTED[type]!.uses, action));
  TYPES.set(action, found);
  return found;
}
