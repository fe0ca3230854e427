import type { Resource } from '../../../core/model/model';
import { at, entries, isUnknown, items, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { looksLikeSecret } from '../../../core/plaintext-secret';
import { EDGE } from '../../lookups/edge-types';
import { each, type Rule, undecided } from '../../rule';

/** A random-looking value, to test whether a name suggests a secret. */
const GENERATED = 'q7Xv2Lm9Rt4Zk8WsB3';

export const edgePlaintextSecret: Rule = {
  id: 'EdgePlaintextSecret',
  severity: 'error',
  title: 'No secret of a Worker is in plain text',
  why: 'A plain_text binding shows in the dashboard; a secret_text that is not a Pulumi secret is in the state in plain text.',
  fix: 'use a secret_text binding, and wrap its text in pulumi.secret() or take it from config.requireSecret()',
  source: 'https://developers.cloudflare.com/workers/configuration/secrets/',
  check: each([...EDGE.worker, EDGE.pages], function* (worker) {
    for (const { type, name, value, property } of settingsOf(worker)) {
      const text = toText(value);
      const mayHide = type !== 'secret_text' && looksLikeSecret(name, text ?? GENERATED) !== undefined;
      if (isUnknown(value) && (type === 'secret_text' || mayHide)) yield undecided(worker, property, value);
      if (text === undefined) continue;
      if (type === undefined && !mayHide) {
        yield { resource: worker, property, reason: 'the type of the binding is known only at deployment' };
        continue;
      }
      const kind = looksLikeSecret(name, text);
      if (type === 'secret_text') {
        yield {
          resource: worker,
          property,
          message: `has the secret ${name} in the state in plain text`,
          detail: name,
        };
      } else if (kind !== undefined) {
        yield { resource: worker, property, message: `has ${kind} in plain text in ${name}`, detail: name };
      }
    }
  }),
};

interface Setting {
  readonly type: string | undefined;
  readonly name: string;
  readonly value: Value | undefined;
  readonly property: string;
}

/** What a Worker's code sees: its bindings, or a Pages project's variables in either environment. */
function settingsOf(worker: Resource): Setting[] {
  const bindings = items(at(worker, 'bindings')).map((binding, index): Setting => {
    const field = at(binding, 'text') === undefined ? 'json' : 'text';
    const name = toText(at(binding, 'name')) ?? `bindings.${index}`;
    return {
      type: toText(at(binding, 'type')),
      name,
      value: at(binding, field),
      property: `bindings.${index}.${field}`,
    };
  });
  const variables = ['production', 'preview'].flatMap((environment) => {
    const place = `deploymentConfigs.${environment}.envVars`;
    return entries(at(worker, place)).map(([name, variable]): Setting => ({
      type: toText(at(variable, 'type')),
      name,
      value: at(variable, 'value'),
      property: `${place}.${name}.value`,
    }));
  });
  return [...bindings, ...variables];
}
