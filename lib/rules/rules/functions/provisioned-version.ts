import { at, inWords, isUnknown, together, toText } from '../../../core/model/select';
import { each, type Rule, undecided } from '../../rule';

const LATEST = '$LATEST';

export const provisionedVersion: Rule = {
  id: 'ProvisionedVersion',
  severity: 'error',
  title: 'Provisioned concurrency is for a published version',
  why: 'Lambda rejects it on an alias of $LATEST, whose code may change at any time.',
  fix: 'publish an AWS::Lambda::Version and let the alias point to it',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html',
  check: each(['AWS::Lambda::Alias'], function* (alias) {
    const property = 'FunctionVersion';
    const settings = together({
      version: at(alias, property),
      provisioned: at(alias, 'ProvisionedConcurrencyConfig'),
    });
    for (const { values, when } of settings) {
      if (values.provisioned === undefined) continue;
      if (isUnknown(values.version)) yield undecided(alias, property, values.version);
      if (toText(values.version) !== LATEST) continue;
      yield { resource: alias, property, message: `provisions concurrency for ${LATEST}${inWords(when)}` };
    }
  }),
};
