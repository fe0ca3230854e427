import { at, isUnknown, items, toText } from '../../../core/model/select';
import { looksLikeSecret } from '../../../core/plaintext-secret';
import { EDGE } from '../../lookups/edge-types';
import { each, type Rule, undecided } from '../../rule';

/** A value such as generators write, to ask whether a name speaks of a secret. */
const GENERATED = 'q7Xv2Lm9Rt4Zk8WsB3';

/** No secret of a Worker stands in the clear, in its settings or in the state. */
export const edgePlaintextSecret: Rule = {
  id: 'EdgePlaintextSecret',
  severity: 'error',
  title: 'No secret of a Worker stands in the clear',
  why: 'A plain_text binding shows in the dashboard; a secret_text that is no Pulumi secret stands in the state in the clear.',
  fix: 'use a secret_text binding, and wrap its text in pulumi.secret() or take it from config.requireSecret()',
  source: 'https://developers.cloudflare.com/workers/configuration/secrets/',
  check: each(EDGE.worker, function* (worker) {
    for (const [index, binding] of items(at(worker, 'bindings')).entries()) {
      const type = toText(at(binding, 'type'));
      const name = toText(at(binding, 'name')) ?? `bindings.${index}`;
      const text = toText(at(binding, 'text')) ?? toText(at(binding, 'json'));
      const value = at(binding, 'text') ?? at(binding, 'json');
      const property = `bindings.${index}.${at(binding, 'text') === undefined ? 'json' : 'text'}`;
      const mayHide = type !== 'secret_text' && looksLikeSecret(name, text ?? GENERATED) !== undefined;
      if (isUnknown(value) && (type === 'secret_text' || mayHide)) yield undecided(worker, property, value);
      if (text === undefined) continue;
      if (type === undefined && !mayHide) {
        yield { resource: worker, property, reason: 'the type of the binding is known only at deployment' };
        continue;
      }
      const kind = looksLikeSecret(name, text);
      if (type === 'secret_text') {
        yield { resource: worker, property, message: `has the secret ${name} in the state in the clear`, detail: name };
      } else if (kind !== undefined) {
        yield { resource: worker, property, message: `has ${kind} in the clear in ${name}`, detail: name };
      }
    }
  }),
};
