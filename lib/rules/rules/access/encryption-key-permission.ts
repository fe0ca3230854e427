import { ENCRYPTED } from '../../../core/iam/key-uses';
import type { TemplateStatement } from '../../../core/iam/documents';
import type { Identity } from '../../../core/iam/identities';
import { ModelAccess } from '../../../core/iam/model-access';
import { listOf } from '../../../core/iam/policy';
import type { Via } from '../../../core/iam/via-service';
import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { isUnknown } from '../../../core/model/select';
import { streamBehind } from '../../../core/model/stream-consumers';
import { encryptionKeyOf, keyAllowance } from '../../lookups/encryption-keys';
import { namesAction, once } from '../../lookups/statements';
import type { Judgement, Rule, RuleContext } from '../../rule';

export const encryptionKeyPermission: Rule = {
  id: 'EncryptionKeyPermission',
  severity: 'error',
  title: 'Whoever may use an encrypted resource may also use its key',
  why: 'AWS uses a customer managed key in the name of the caller: without permission on it every call is refused, messages are not polled and dead letters are lost.',
  fix: 'also allow the KMS actions on the key, under a kms:ViaService condition, as grants in CDK do',
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service',
  check: (context) => once(judge(context)),
};

/** What an identity may do with an encrypted resource, and where that is allowed. */
interface Use {
  readonly identity: Identity;
  readonly resource: Resource;
  readonly place: TemplateStatement;
  /** The KMS actions it needs, each with the first action that needs it. */
  readonly needs: Map<string, string>;
}

function* judge({ model }: RuleContext): Iterable<Judgement> {
  for (const { identity, resource, place, needs } of usesIn(model)) {
    const found = encryptionKeyOf(model, resource);
    if (!found || !identity.resource) continue;
    const { holder, property } = place;
    const access = ModelAccess.of(model);
    const { value, key } = found;
    const { service, context } = ENCRYPTED[resource.type]!;
    // A table's replicas are in other regions.
    const region = resource.type === 'AWS::DynamoDB::GlobalTable' ? undefined : regionOf(model, resource);
    const through: Via = { service, region };
    const own = access.names.names.arn(resource);
    const via: Via = { ...through, ...(context && own && { encryptionContext: { [context]: own } }) };
    const arn = key ? access.names.names.arn(key) : access.names.arnOf(value, resource.template);
    const answers = [...needs].map(([action, by]) => ({
      action,
      by,
      ...(arn === undefined
        ? { verdict: 'unknown' as const, reasons: [] }
        : keyAllowance(access, identity.resource!, action, arn, via)),
    }));
    const missing = answers.filter(({ verdict }) => verdict === 'denied');
    const open = answers.find(({ verdict }) => verdict === 'unknown');
    const who = displayName(identity.resource);
    if (missing.length > 0 && key) {
      const [{ by }] = missing as [(typeof missing)[number]];
      const actions = missing.map(({ action }) => action).join(' and ');
      const allowed = (by?: Via) =>
        missing.some(({ action }) => keyAllowance(access, identity.resource!, action, arn!, by).verdict !== 'denied');
      const how = allowed(through)
        ? `, since 'kms:EncryptionContext' means something else than ${displayName(resource)}`
        : allowed()
          ? `, since 'kms:ViaService' means another service than ${service}${region ? `.${region}` : ''}`
          : '';
      const message = `allows ${who} ${by} on ${displayName(resource)}, but not ${actions} on its key ${displayName(key)}${how}`;
      yield { resource: holder, property, message, detail: `${who} ${displayName(resource)}` };
    } else if (missing.length > 0 || open) {
      const why = open?.reasons.join('; ') || (isUnknown(value) ? value.reason : 'it is not part of what was read');
      const reason = `whether ${who} may use the key of ${displayName(resource)} is unknown: ${why}`;
      yield { resource: holder, property, reason };
    }
  }
}

function regionOf(model: Model, { template }: Resource): string | undefined {
  return model.templates.get(template)?.environment?.region;
}

/** What statements that name an encrypted resource allow; those on all resources say nothing about any one of them. */
function usesIn(model: Model): Iterable<Use> {
  const { identities, names } = ModelAccess.of(model);
  const uses = new Map<string, Use>();
  for (const identity of identities) {
    for (const place of identity.policies.flatMap(({ statements }) => statements)) {
      const { statement } = place;
      if (statement?.Effect !== 'Allow') continue;
      for (const pattern of listOf(statement.Resource)) {
        const found = names.find(pattern);
        // A bucket’s objects, a table’s indexes and streams, and a stream’s consumers are encrypted as it is.
        const resource = found && (streamBehind(model, found.resource) ?? found.resource);
        const encrypted = resource && /^(\/|$)/.test(found.rest) ? ENCRYPTED[resource.type] : undefined;
        if (!resource || !encrypted) continue;
        const id = `${identity.principal.name}\n${resource.id}`;
        for (const [action, keyActions] of Object.entries(encrypted.uses)) {
          if (!namesAction(statement, action)) continue;
          const use = uses.get(id) ?? { identity, resource, place, needs: new Map<string, string>() };
          uses.set(id, use);
          for (const needed of keyActions) if (!use.needs.has(needed)) use.needs.set(needed, action);
        }
      }
    }
  }
  return uses.values();
}
