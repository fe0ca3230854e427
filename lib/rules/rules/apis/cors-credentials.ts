import { at, isUnknown, items, toBoolean, toText } from '../../../core/model/select';
import { each, openAmong, type Rule } from '../../rule';

const PLACES = [
  { type: 'AWS::Lambda::Url', path: 'Cors' },
  { type: 'AWS::ApiGatewayV2::Api', path: 'CorsConfiguration' },
];

const EVERYBODY = ['*', 'https://*', 'http://*'];

export const corsCredentials: Rule = {
  id: 'CorsCredentials',
  severity: 'error',
  title: 'Cross-origin requests with credentials are allowed to named origins only',
  why: 'Any page could act in its visitor’s name; API Gateway rejects the combination, and browsers ignore it.',
  fix: 'name the origins, or leave AllowCredentials out',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html',
  check: each(
    PLACES.map(({ type }) => type),
    function* (resource) {
      const path = PLACES.find(({ type }) => type === resource.type)!.path;
      const credentials = toBoolean(at(resource, `${path}.AllowCredentials`));
      const origins = items(at(resource, `${path}.AllowOrigins`));
      const property = `${path}.AllowOrigins`;
      const open = openAmong(resource, `${path}.AllowCredentials`);
      if (open && origins.some((origin) => EVERYBODY.includes(toText(origin) ?? ''))) yield open;
      if (!credentials) return;
      if (origins.some((origin) => EVERYBODY.includes(toText(origin) ?? ''))) {
        yield { resource, property, message: 'allows credentials from every origin' };
      } else {
        for (const origin of origins.filter(isUnknown)) yield { resource, property, reason: origin.reason };
      }
    },
  ),
};
