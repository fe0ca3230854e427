import { at, entries, toBoolean } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

export const apiRequestValidation: Rule = {
  id: 'ApiRequestValidation',
  severity: 'warning',
  title: 'A method of a REST API that declares a model or a required parameter validates it',
  why: 'Without a validator the declaration does nothing: every request goes through to the function.',
  fix: 'set RequestValidatorId',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html',
  check: each(['AWS::ApiGateway::Method'], function* (method) {
    if (at(method, 'RequestValidatorId') !== undefined) return;
    const models = entries(at(method, 'RequestModels')).length > 0;
    // Path parameters are always present.
    const required = entries(at(method, 'RequestParameters')).filter(
      ([name, value]) => !name.startsWith('method.request.path.') && toBoolean(value) === true,
    );
    if (models)
      yield { resource: method, property: 'RequestModels', message: 'declares a model, but validates nothing' };
    else if (required.length > 0)
      yield {
        resource: method,
        property: 'RequestParameters',
        message: `requires ${required.map(([name]) => name.replace('method.request.', '')).join(', ')}, but validates nothing`,
      };
  }),
};
