import { displayName } from '../../../core/model/display';
import type { Resource } from '../../../core/model/model';
import { at, toText } from '../../../core/model/select';
import { aliasCalled, functionsNamed, urlsOf } from '../../lookups/functions';
import { indexed } from '../../../core/model/indexed';
import { mentioned } from '../../../core/model/references';
import { triggersOf } from '../../lookups/triggers';
import { each, type Rule } from '../../rule';

/** Types that mention an alias without calling it. */
const NOT_CALLERS =
  /^AWS::(?:Lambda::(?:Permission|EventInvokeConfig|Alias)|ApplicationAutoScaling|CloudWatch|CodeDeploy|IAM)\b/;

export const provisionedAliasBypassed: Rule = {
  id: 'ProvisionedAliasBypassed',
  severity: 'warning',
  title: 'Callers of a function use the alias with provisioned concurrency',
  why: 'Only calls to that alias or version get a warm environment: all others start cold while you pay for it.',
  fix: 'name the alias in every trigger of the function',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html',
  check: each(['AWS::Lambda::Alias', 'AWS::Lambda::Version'], function* (qualifier, { model }) {
    if (at(qualifier, 'ProvisionedConcurrencyConfig') === undefined) return;
    const property = 'ProvisionedConcurrencyConfig';
    for (const { function: fn } of functionsNamed(model, at(qualifier, 'FunctionName'))) {
      const bypassing = triggersOf(model, fn).filter((trigger) => trigger.qualifier === undefined);
      for (const { holder, caller } of bypassing.slice(0, 1)) {
        const more = bypassing.length > 1 ? ` and ${bypassing.length - 1} more` : '';
        const message = `has provisioned concurrency, but ${caller} ${displayName(holder)}${more} calls the unqualified function`;
        yield { resource: qualifier, property, message };
      }
      const hasUrl = urlsOf(model, fn).some(
        (url) => aliasCalled(model, fn, toText(at(url, 'Qualifier')) ?? '') === qualifier,
      );
      if (bypassing.length === 0 && !hasUrl && !callers(model).has(qualifier.id)) {
        yield { resource: qualifier, property, message: 'is warm, but nothing in the template calls it' };
      }
    }
  }),
};

/** Everything a resource or output mentions and might call. */
const callers = indexed((model) => {
  const called = (resource: Resource): Resource[] =>
    NOT_CALLERS.test(resource.type) ? [] : mentioned(model, resource.properties);
  const outputs = [...model.templates.values()].flatMap((template) => mentioned(model, template.outputs));
  return new Set([...[...model.resources.values()].flatMap(called), ...outputs].map(({ id }) => id));
});
