import { apiRequestValidation } from '../../../../lib/rules/rules/apis/api-request-validation';
import { describeAccepted, describeFaults, judgeAll, modelOf, OPEN } from '../faults';
import { restApi } from './templates';

const VALIDATOR = 'x-amazon-apigateway-request-validator';

/** A REST API by an OpenAPI document with one operation. */
const documented = (operation: object, more: object = {}) => ({
  Api: {
    Type: 'AWS::ApiGateway::RestApi',
    Properties: { Body: { paths: { '/orders': { post: operation } }, ...more } },
  },
});
const page = { name: 'page', in: 'query', required: true };
const requestBody = { content: { 'application/json': { schema: { type: 'object' } } } };

describeFaults(apiRequestValidation, restApi, [
  {
    mistake: 'a model that nothing is held against',
    change: { 'Method.RequestModels': { 'application/json': 'Order' } },
    message: 'declares a model for POST /orders, but validates nothing',
    openButFine: { 'Method.RequestModels': { 'application/json': 'Order' }, 'Method.RequestValidatorId': OPEN },
  },
  {
    mistake: 'a required parameter that may be left out',
    change: { 'Method.RequestParameters': { 'method.request.querystring.page': true } },
    message: 'requires querystring.page for POST /orders, but validates nothing',
  },
]);

describeAccepted(apiRequestValidation, restApi, [
  {
    accepts: 'parameters of the path, which are always there, and those that may be left out',
    change: {
      'Method.RequestParameters': { 'method.request.path.id': true, 'method.request.header.accept': false },
    },
  },
]);

test.each([
  ['a required parameter', { parameters: [page] }, 'requires querystring.page'],
  ['a schema of the body', { requestBody }, 'declares a model'],
  ['a model of Swagger 2', { parameters: [{ in: 'body', name: 'Order', schema: {} }] }, 'declares a model'],
])('refuses in an OpenAPI document %s that nothing validates', (_, operation, what) => {
  const judged = (value: object) => judgeAll(modelOf(value as never), [apiRequestValidation]).findings;
  expect(judged(documented(operation))).toEqual([expect.stringContaining(`${what} for POST /orders`)]);
  expect(judged(documented({ ...operation, [VALIDATOR]: 'all' }))).toEqual([]);
  expect(judged(documented(operation, { [VALIDATOR]: 'all' }))).toEqual([]);
});
