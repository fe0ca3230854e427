import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ApiGateway } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import { accessLogGroup } from '../api/access-log';
import { addRecord, type DomainProps } from '../api/domain';
import { restDomain } from '../api/rest-domain';
import { regionalRestApi } from '../api/rest-api';
import type { ThrottleProps } from '../api/throttle';

/** The props of a receiver that concern its API. */
export interface WebhookApiProps {
  /** The API of another receiver. */
  readonly api?: RestApi;
  /** Path below the API's URL. */
  readonly path?: string;
  readonly domain?: DomainProps;
  /** Networks that may call. */
  readonly allowFrom?: readonly string[];
  readonly throttle?: ThrottleProps;
}

/** A receiver's API, its own or another's, and its URL there. */
export function webhookApi(
  scope: Construct,
  { api: shared, path = '/', domain, allowFrom, throttle = { rate: 100, burst: 200 } }: WebhookApiProps,
): { readonly api: RestApi; readonly url: string } {
  if (shared) return { api: shared, url: addressOf(shared, path) };
  const accessLog = accessLogGroup(scope, 'AccessLog', { otherwise: RetentionDays.THREE_MONTHS });
  const api = regionalRestApi(
    scope,
    { throttle, accessLog },
    { ...(domain && restDomain(domain)), ...(allowFrom && { policy: onlyFrom(allowFrom) }) },
  );
  if (domain) addRecord(scope, domain, new ApiGateway(api));
  return { api, url: addressOf(api, path) };
}

function addressOf(api: RestApi, path: string): string {
  return api.domainName ? `https://${api.domainName.domainName}${path}` : api.deploymentStage.urlForPath(path);
}

/** Denies everyone else. */
function onlyFrom(networks: readonly string[]): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new AnyPrincipal()],
        actions: ['execute-api:Invoke'],
        resources: ['execute-api:/*'],
        conditions: { IpAddress: { 'aws:SourceIp': [...networks] } },
      }),
    ],
  });
}
