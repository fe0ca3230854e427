import type { Resource } from '../../../core/model/model';
import { at, inWords, toNumber, together } from '../../../core/model/select';
import { whyOpen } from '../../each-property';
import { aliasesOf, versionsOf } from '../../lookups/functions';
import { each, type Rule } from '../../rule';

const PROVISIONED = 'ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions';

export const provisionedWithinReserved: Rule = {
  id: 'ProvisionedWithinReserved',
  severity: 'error',
  title: 'The provisioned concurrency of a function is at most its reserved concurrency',
  why: 'Lambda rejects the deployment otherwise.',
  fix: 'raise ReservedConcurrentExecutions, or provision less',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html',
  check: each(['AWS::Lambda::Function'], function* (fn, { model }) {
    const qualifiers = [...aliasesOf(model, fn), ...versionsOf(model, fn)].filter(
      (qualifier) => at(qualifier, PROVISIONED) !== undefined,
    );
    if (qualifiers.length === 0 || at(fn, 'ReservedConcurrentExecutions') === undefined) return;
    const read = (qualifier: Resource) => [qualifier.id, at(qualifier, PROVISIONED)] as const;
    const combined = together({
      reserved: at(fn, 'ReservedConcurrentExecutions'),
      ...Object.fromEntries(qualifiers.map(read)),
    });
    for (const { values, when } of combined) {
      const { reserved, ...provisioned } = values;
      const limit = toNumber(reserved);
      const parts = Object.values(provisioned).map((value) => (value === undefined ? 0 : toNumber(value)));
      const property = 'ReservedConcurrentExecutions';
      if (reserved === undefined) continue;
      if (limit === undefined || parts.includes(undefined)) {
        yield { resource: fn, property, reason: whyOpen(...Object.values(values)) };
        continue;
      }
      const sum = parts.reduce<number>((total, part) => total + (part ?? 0), 0);
      if (sum <= limit) continue;
      yield {
        resource: fn,
        property,
        message: `has ${sum} provisioned executions, but reserves ${limit}${inWords(when)}`,
      };
    }
  }),
};
