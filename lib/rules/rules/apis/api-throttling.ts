import type { Model, Resource } from '../../../core/model/model';
import { at, items } from '../../../core/model/select';
import { mentioned } from '../../../core/model/references';
import { each, type Rule } from '../../rule';

export const apiThrottling: Rule = {
  id: 'ApiThrottling',
  severity: 'warning',
  title: 'A stage of an API limits its requests',
  why: 'One client can use up the limit of the whole account, 10,000 requests a second, and with it every other API.',
  fix: 'set DefaultRouteSettings.ThrottlingRateLimit and ThrottlingBurstLimit, or MethodSettings of a REST stage',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html',
  check: each(['AWS::ApiGateway::Stage', 'AWS::ApiGatewayV2::Stage'], function* (stage, { model }) {
    if (isThrottled(model, stage)) return;
    yield { resource: stage, message: 'is limited only by the account’s quota' };
  }),
};

function isThrottled(model: Model, stage: Resource): boolean {
  if (stage.type === 'AWS::ApiGatewayV2::Stage') {
    const routes = at(stage, 'RouteSettings');
    return at(stage, 'DefaultRouteSettings.ThrottlingRateLimit') !== undefined || routes !== undefined;
  }
  const settings = items(at(stage, 'MethodSettings'));
  if (settings.some((setting) => at(setting, 'ThrottlingRateLimit') !== undefined)) return true;
  return model
    .ofType('AWS::ApiGateway::UsagePlan')
    .some((plan) => at(plan, 'Throttle') !== undefined && mentioned(model, at(plan, 'ApiStages')).includes(stage));
}
