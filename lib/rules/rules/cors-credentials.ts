import { at, items, toBoolean } from '../../core/model/select';
import { each, type Rule } from '../rule';

const PLACES = [
  { type: 'AWS::Lambda::Url', path: 'Cors' },
  { type: 'AWS::ApiGatewayV2::Api', path: 'CorsConfiguration' },
];

/** Cross-origin requests with credentials are allowed to named origins only. */
export const corsCredentials: Rule = {
  id: 'CorsCredentials',
  severity: 'error',
  title: 'Cross-origin requests with credentials are allowed to named origins only',
  why: 'Any page could act in the name of its visitor; API Gateway rejects the combination, browsers ignore it.',
  fix: 'name the origins, or leave AllowCredentials out',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html',
  check: each(
    PLACES.map(({ type }) => type),
    function* (resource) {
      const path = PLACES.find(({ type }) => type === resource.type)!.path;
      const credentials = toBoolean(at(resource, `${path}.AllowCredentials`));
      const origins = items(at(resource, `${path}.AllowOrigins`));
      if (!credentials || !origins.some((origin) => ['*', 'https://*', 'http://*'].includes(String(origin)))) return;
      yield {
        resource,
        property: `${path}.AllowOrigins`,
        message: 'allows credentials to every origin',
      };
    },
  ),
};
