import { ModelAccess } from '../../../core/iam/model-access';
import { displayName } from '../../../core/model/display';
import { eventStores } from '../../lookups/event-stores';
import type { Judgement, Rule, RuleContext } from '../../rule';

/** Actions that change or remove an event, or could without a condition. */
const CHANGES = ['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete'];

export const eventStoreAppendOnly: Rule = {
  id: 'EventStoreAppendOnly',
  severity: 'warning',
  title: 'Nobody may update or delete the events of an event store',
  why: 'Once an event changes, decisions based on it and models built from it are wrong. A batch can delete without DeleteItem.',
  fix: 'grant only PutItem and Query, put with attribute_not_exists(version), and correct mistakes with a further event',
  source: 'https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/event-sourcing.html',
  *check({ model }: RuleContext): Iterable<Judgement> {
    const access = ModelAccess.of(model);
    for (const store of eventStores(model)) {
      const target = access.names.names.arn(store);
      const name = displayName(store);
      for (const { resource } of target === undefined ? [] : access.identities) {
        if (resource === undefined) continue;
        const verdicts = CHANGES.map((action) => ({
          action,
          ...access.allows(resource, `dynamodb:${action}`, target!),
        }));
        const may = verdicts.filter(({ verdict }) => verdict === 'allowed' || verdict === 'conditional');
        const [open] = verdicts.filter(({ verdict }) => verdict === 'unknown');
        if (may.length > 0) {
          const actions = may.map(({ action }) => action).join(', ');
          yield { resource, message: `may ${actions} on ${name}, whose items are events`, detail: name };
        } else if (open) yield { resource, reason: open.reasons.join('; ') };
      }
    }
  },
};
