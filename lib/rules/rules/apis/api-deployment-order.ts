import type { Model, Resource } from '../../../core/model/model';
import { mentioned } from '../../../core/model/references';
import { at, toText } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

export const apiDeploymentOrder: Rule = {
  id: 'ApiDeploymentOrder',
  severity: 'error',
  title: 'A deployment of a REST API depends on its methods',
  why: 'CloudFormation may make it first otherwise: API Gateway then rejects it, since the API has no methods, or deploys without some.',
  fix: 'add the methods to DependsOn of the deployment',
  source:
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html',
  check: each(['AWS::ApiGateway::Deployment'], function* (deployment, { model }) {
    const api = model.target(at(deployment, 'RestApiId'));
    if (!api || ['Body', 'BodyS3Location', 'CloneFrom'].some((name) => at(api, name) !== undefined)) return;
    const methods = model
      .ofType('AWS::ApiGateway::Method')
      .filter((method) => method.template === deployment.template && model.target(at(method, 'RestApiId')) === api);
    if (methods.length === 0 || methods.some(isOfSam)) return;
    if (waitsFor(model, deployment, new Set(methods.map(({ id }) => id)))) return;
    yield { resource: deployment, message: 'may be made before the methods of its API' };
  }),
};

/** SAM merges an event into the API itself, and the event names its path in place of a resource. */
function isOfSam(method: Resource): boolean {
  return toText(at(method, 'ResourceId'))?.startsWith('/') === true;
}

/** Whether CloudFormation creates one of some resources before another. */
function waitsFor(model: Model, resource: Resource, wanted: ReadonlySet<string>): boolean {
  const seen = new Set<string>();
  const open = [resource];
  for (let next = open.pop(); next; next = open.pop()) {
    const referred = Object.values(next.properties).flatMap((value) => mentioned(model, value).map(({ id }) => id));
    for (const id of [...next.dependsOn, ...referred]) {
      if (wanted.has(id)) return true;
      const found = seen.has(id) ? undefined : model.resources.get(id);
      seen.add(id);
      if (found) open.push(found);
    }
  }
  return false;
}
