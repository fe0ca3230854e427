import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { mentioned } from '../../../core/model/references';
import { at, toText } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

export const apiDeploymentOrder: Rule = {
  id: 'ApiDeploymentOrder',
  severity: 'error',
  title: 'A deployment of a REST API depends on its methods',
  why: 'CloudFormation may make it first otherwise: API Gateway then rejects it, since the API has no methods, or deploys without some.',
  fix: 'add all of the methods to DependsOn of the deployment',
  source:
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html',
  check: each(['AWS::ApiGateway::Deployment'], function* (deployment, { model }) {
    const api = model.target(at(deployment, 'RestApiId'));
    if (!api || ['Body', 'BodyS3Location', 'CloneFrom'].some((name) => at(api, name) !== undefined)) return;
    const methods = model
      .ofType('AWS::ApiGateway::Method')
      .filter((method) => method.template === deployment.template && model.target(at(method, 'RestApiId')) === api);
    if (methods.length === 0 || methods.some(isOfSam)) return;
    const before = createdBefore(model, deployment);
    const late = methods.filter(({ id }) => !before.has(id));
    if (late.length === 0) return;
    const some = late.length < methods.length;
    const message = some
      ? `may be made before some methods of its API: ${late.map(displayName).sort().join(', ')}`
      : 'may be made before the methods of its API';
    yield { resource: deployment, message };
  }),
};

/** SAM merges an event into the API itself, and the event names its path in place of a resource. */
function isOfSam(method: Resource): boolean {
  return toText(at(method, 'ResourceId'))?.startsWith('/') === true;
}

/** The ids of what CloudFormation creates before a resource. */
function createdBefore(model: Model, resource: Resource): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [resource];
  for (let next = open.pop(); next; next = open.pop()) {
    const referred = Object.values(next.properties).flatMap((value) => mentioned(model, value).map(({ id }) => id));
    for (const id of [...next.dependsOn, ...referred]) {
      const found = seen.has(id) ? undefined : model.resources.get(id);
      seen.add(id);
      if (found) open.push(found);
    }
  }
  return seen;
}
