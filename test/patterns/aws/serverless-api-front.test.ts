import { Duration, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { ServerlessApiProps } from 'lintel/aws';
import { apiOf, attempt, inline, stackOf } from './serverless-apis';

describe('cors', () => {
  test('answers pages of the origins, for the methods of the routes', () => {
    const { template } = apiOf({
      routes: { 'POST /orders': inline(), 'GET /orders': inline() },
      cors: { origins: ['https://shop.example.com'] },
    });
    template().hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: ['https://shop.example.com'],
        AllowMethods: ['GET', 'POST'],
        AllowHeaders: ['authorization', 'content-type'],
        MaxAge: 3600,
      },
    });
  });

  test('takes the settings of the team', () => {
    const { template } = apiOf({
      cors: {
        origins: ['https://a.example.com', 'http://localhost:3000'],
        methods: ['GET'],
        headers: ['x-shop'],
        exposedHeaders: ['etag'],
        credentials: true,
        maxAge: Duration.minutes(5),
      },
    });
    template().hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: ['https://a.example.com', 'http://localhost:3000'],
        AllowMethods: ['GET'],
        AllowHeaders: ['x-shop'],
        ExposeHeaders: ['etag'],
        AllowCredentials: true,
        MaxAge: 300,
      },
    });
  });

  test('is absent by default', () => {
    apiOf().template().hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent() });
  });

  test.each<[string, ServerlessApiProps['cors'], string]>([
    ['no origin', { origins: [] }, "'cors.origins' must have at least one origin, got []"],
    ['an origin with a path', { origins: ['https://a.com/x'] }, "'cors.origins' must be '*' or a scheme and a host"],
    ['an origin with a slash', { origins: ['https://a.com/'] }, "without a path, got 'https://a.com/'"],
    ['an origin in capitals', { origins: ['https://A.com'] }, "without a path, got 'https://A.com'"],
    ['an origin with its own port', { origins: ['https://a.com:443'] }, "got 'https://a.com:443'"],
    ['a host without scheme', { origins: ['a.com'] }, "got 'a.com'; write it as a browser sends it"],
    [
      'credentials for everybody',
      { origins: ['*'], credentials: true },
      "'cors.credentials' must not be true with the origin '*', which browsers refuse, got true",
    ],
  ])('refuses %s', (_, cors, message) => {
    expect(attempt({ cors })).toThrow(message);
  });

  test.each([
    ['ANY /files/{proxy+}', 'OPTIONS /files/{proxy+}', 'ANY'],
    ['$default', 'OPTIONS /{proxy+}', '$default'],
  ])('refuses %s with an authorizer, which would refuse what browsers ask first', (key, options, word) => {
    const cors = { origins: ['*'] };
    expect(attempt({ cors, routes: { [key]: inline() } })).toThrow(
      `'routes.${key}.authorizer' must be 'none' with 'cors', since ${word} takes the browser's OPTIONS requests too, got 'iam'; name the methods, or add the route '${options}' with authorizer 'none' (Shop/Api)`,
    );
    const open = { [key]: inline(), [options]: { ...inline(), authorizer: 'none' as const } };
    expect(attempt({ cors, routes: open })).not.toThrow();
    expect(attempt({ cors, routes: { ...open, [options]: inline() } })).toThrow(
      `'routes.${options}.authorizer' must be 'none' with 'cors': browsers send no credentials with OPTIONS, got 'iam'`,
    );
    expect(attempt({ cors, routes: { [key]: { ...inline(), authorizer: 'none' } } })).not.toThrow();
    expect(attempt({ routes: { [key]: inline() } })).not.toThrow();
  });
});

describe('the domain', () => {
  const domain = (stack: Stack, zone?: string) => ({
    name: 'api.example.com',
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:1:certificate/1'),
    zone: zone ? HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: zone }) : undefined,
  });

  test('is the only way in, by TLS 1.2, and has a record in the zone', () => {
    const stack = stackOf();
    const { api, template } = apiOf({ domain: domain(stack, 'example.com') }, stack);
    expect(api.url).toBe('https://api.example.com/');
    template().hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    template().hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'api.example.com',
      DomainNameConfigurations: [Match.objectLike({ SecurityPolicy: 'TLS_1_2', EndpointType: 'REGIONAL' })],
    });
    template().resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    template().hasResourceProperties('AWS::Route53::RecordSet', { Name: 'api.example.com.', Type: 'A' });
  });

  test('needs no zone', () => {
    const stack = stackOf();
    const { template } = apiOf({ domain: domain(stack) }, stack);
    template().resourceCountIs('AWS::Route53::RecordSet', 0);
  });

  test('refuses a zone whose name only ends the same', () => {
    const stack = stackOf();
    expect(() => apiOf({ domain: domain(stack, 'ample.com') }, stack)).toThrow(
      "'domain.zone' must be a zone that contains 'api.example.com', got 'ample.com'; pass the zone of the name's own domain",
    );
  });

  test('refuses a name that is no host, and a zone that does not hold it', () => {
    const stack = stackOf();
    const wrong = { ...domain(stack, 'other.com'), name: 'https://api.example.com' };
    expect(() => apiOf({ domain: wrong }, stack)).toThrow(/'domain.name' must be a host name.*\n'domain.zone' must be/);
  });
});
