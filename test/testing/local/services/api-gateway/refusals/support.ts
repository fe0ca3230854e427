import { parseText } from '../../../../../../lib/core/model/document';
import { link } from '../../../../../../lib/core/model/link';
import type { Model } from '../../../../../../lib/core/model/model';
import { readTemplate } from '../../../../../../lib/core/model/read-template';
import { Deployment } from '../../../../../../lib/testing/local/kernel/deployment';
import { RunNames } from '../../../../../../lib/testing/local/kernel/run-names';
import { HTTP_JUDGES } from '../../../../../../lib/testing/local/services/api-gateway/refusals/http';
import { Parts } from '../../../../../../lib/testing/local/services/api-gateway/refusals/parts';
import { REST_JUDGES } from '../../../../../../lib/testing/local/services/api-gateway/refusals/rest';

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

/** What API Gateway refuses in a template, by logical id. */
export function refused(Resources: Resources, more: object = {}): Record<string, readonly string[]> {
  return refusedOf(readTemplate(JSON.stringify({ Resources, ...more })));
}

/** What API Gateway refuses in stacks of two regions, each with the same resources, by logical id. */
export function refusedInTwoRegions(Resources: Resources): Record<string, readonly string[]> {
  const stacks = ['eu-west-1', 'us-east-1'].map((region) => ({
    origin: { name: region, shown: region, environment: { account: '111111111111', region } },
    text: parseText(JSON.stringify({ Resources }), region),
  }));
  return refusedOf(link(stacks));
}

function refusedOf(model: Model): Record<string, readonly string[]> {
  const { names } = new RunNames(model, {}, { region: 'eu-west-1', account: '111111111111' });
  const parts = new Parts(new Deployment(model, names));
  const all = Object.entries({ ...REST_JUDGES, ...HTTP_JUDGES }).flatMap(([type, judge]) =>
    parts.ofType(type).map((part) => [part.deployed.logicalId, judge(part, parts)] as const),
  );
  return Object.fromEntries(all.filter(([, faults]) => faults.length > 0));
}

/** A function as an API calls it. */
export const FUNCTION_URI =
  'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111111111111:function:f/invocations';
