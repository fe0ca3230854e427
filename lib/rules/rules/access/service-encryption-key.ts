import { ENCRYPTED_BY_SERVICE, type EncryptedByService } from '../../../core/iam/key-uses';
import { SOME_REGION } from '../../../core/iam/access-names';
import { type Allowance, ModelAccess } from '../../../core/iam/model-access';
import { displayName } from '../../../core/model/display';
import type { Resource } from '../../../core/model/model';
import { at, eachBranch, inWords, isUnknown } from '../../../core/model/select';
import { keyNamedBy, namesKeyOfAws } from '../../lookups/encryption-keys';
import { conditionsOf, namesAction, servicesOf } from '../../lookups/statements';
import { each, type Rule } from '../../rule';
import { parseArn } from '../../../core/arn';

export const serviceEncryptionKey: Rule = {
  id: 'ServiceEncryptionKey',
  severity: 'error',
  title:
    'The key of a log group, an event bus, an archive or a durable function admits the service that encrypts with it',
  why: 'CloudWatch Logs, EventBridge and Lambda use the key in their own name: if its policy does not admit them, for this resource, the deployment fails, or each durable execution.',
  fix: 'allow the service the actions in the policy of the key, for the ARN in the encryption context; LogGroup in CDK does not',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
  check: each(Object.keys(ENCRYPTED_BY_SERVICE), function* (resource, { model }) {
    const use = ENCRYPTED_BY_SERVICE[resource.type]!;
    const access = ModelAccess.of(model);
    const service = access.names.show(use.services(regionOf(access.names.names.arn(resource) ?? ''))[0]!);
    for (const { value, when } of eachBranch(at(resource, use.keyAt))) {
      // CDK writes an archive without a key with an empty one.
      if (value === undefined || value === '' || namesKeyOfAws(model, resource, value)) continue;
      const key = keyNamedBy(model, value);
      if (!key) {
        const why = isUnknown(value) ? value.reason : 'it is not part of what was read';
        const reason = `whether the key of ${displayName(resource)} admits ${service} is unknown: ${why}`;
        yield { resource, property: use.keyAt, reason };
        continue;
      }
      const arn = arnOf(access, resource, use);
      if (arn === undefined) {
        const reason = `whether ${displayName(key)} admits ${service} for it is unknown: '${use.arnAt}' has no known value`;
        yield { resource, property: use.arnAt, reason };
        continue;
      }
      const answers = use.actions.map((action) => ({
        action,
        ...admission(access, { resource, arn }, key, use, action),
      }));
      const missing = answers.filter(({ verdict }) => verdict === 'denied').map(({ action }) => action);
      const open = answers.find(({ verdict }) => verdict === 'unknown');
      if (missing.length > 0) {
        const message = `has the key ${displayName(key)}, whose policy does not allow ${missing.join(' and ')} to ${service} for it${inWords(when)}`;
        yield { resource, property: use.keyAt, message };
      } else if (open) {
        const reason = `whether ${displayName(key)} admits ${service} for it is unknown: ${open.reasons.join('; ')}`;
        yield { resource, property: use.keyAt, reason };
      }
    }
  }),
};

const ORDER = ['allowed', 'conditional', 'unknown', 'denied'] as const;

/** In the name of a service: `logs.eu-west-1.amazonaws.com`. */
const ITS_REGION = /(?<=^[a-z]+\.)[a-z0-9-]+\.(?=amazonaws)/;

/** The ARN in the encryption context: for a log group, without the part for its streams. */
function arnOf({ names }: ModelAccess, resource: Resource, { arnAt }: EncryptedByService): string | undefined {
  if (arnAt === undefined) return (names.names.arn(resource) ?? '').replace(/:\*$/, '');
  const arn = names.names.plain(at(resource, arnAt), resource.template);
  return typeof arn === 'string' ? arn : undefined;
}

function regionOf(arn: string): string {
  return parseArn(arn)?.region ?? '';
}

/** What the most that a policy allows to any name of the service, or to everybody, is. */
function admission(
  access: ModelAccess,
  { resource, arn }: { readonly resource: Resource; readonly arn: string },
  key: Resource,
  { services, context, arnAt }: EncryptedByService,
  action: string,
): Allowance {
  const via = { service: 'kms', encryptionContext: { [context]: arn } };
  const keyArn = access.names.names.arn(key) ?? '';
  const own = services(regionOf(arn)).map((name) => access.names.show(name));
  const isOwn = (name: string) => {
    const shown = access.names.show(name).replace(/\.cn$/, '');
    return own.includes(shown) || (regionOf(arn) === SOME_REGION && own.includes(shown.replace(ITS_REGION, '')));
  };
  const answers = access.principals().flatMap(({ kind, name }): readonly Allowance[] => {
    // A statement that asks for a source is one for that.
    if (name === displayName(resource) || (arnAt !== undefined && access.names.show(arn) === name))
      return [access.allows(name, action, keyArn, via)];
    const everybody = kind === 'anyone' && name === '*';
    if (!everybody && kind !== 'unknown' && !(kind === 'service' && isOwn(name))) return [];
    const answer = access.allows(name, action, keyArn, via);
    if (kind === 'service' || answer.verdict === 'denied' || (everybody && answer.verdict === 'allowed'))
      return [answer];
    return [{ verdict: 'unknown', reasons: [`its policy names '${name}'`, ...answer.reasons] }];
  });
  return [...answers, otherwise(access, key, action, isOwn)].reduce(better);
}

/** What holds where no statement admits the service for the resource. */
function otherwise(access: ModelAccess, key: Resource, action: string, isOwn: (name: string) => boolean): Allowance {
  for (const { statement, problem = 'its policy cannot be read' } of access.statementsAbout(key)) {
    if (!statement) return { verdict: 'unknown', reasons: [problem] };
    if (statement.Effect !== 'Allow' || !servicesOf(statement).some(isOwn) || !namesAction(statement, action)) continue;
    if (!conditionsOf(statement).some((condition) => condition.key === 'aws:sourcearn')) continue;
    return { verdict: 'unknown', reasons: [`'aws:SourceArn' asks for another source`] };
  }
  return { verdict: 'denied', reasons: [] };
}

function better(one: Allowance, other: Allowance): Allowance {
  return ORDER.indexOf(other.verdict) < ORDER.indexOf(one.verdict) ? other : one;
}
