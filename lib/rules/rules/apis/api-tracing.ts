import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

export const apiTracing: Rule = {
  id: 'ApiTracing',
  severity: 'warning',
  title: 'A stage of a REST API is traced',
  why: 'A trace that begins in the function does not show the time spent in the API, nor the requests it refused.',
  fix: 'set TracingEnabled to true',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html',
  check: eachProperty(
    ['AWS::ApiGateway::Stage'],
    'TracingEnabled',
    (stage, property) => booleans(stage, property, false),
    (traced) => (traced ? undefined : 'is not traced'),
  ),
};
