import {
  AccessLogFormat,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  type RestApiProps,
} from 'aws-cdk-lib/aws-apigateway';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { accessLogFormat } from './access-log';
import { apiName } from './gateway';
import { type ApiStage, OWN_STAGE } from './stage';

/** What all our REST APIs have in common. */
export interface RestApiSettings {
  /** Requests per second and burst that the whole API accepts. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** Where the access log goes. */
  readonly accessLog: LogGroup;
  /**
   * The stage.
   * @default - `live`
   */
  readonly stage?: ApiStage;
}

/**
 * A REST API with one stage, regional unless `props` say otherwise: traces, error logs, access logs, throttles.
 *
 * It logs to CloudWatch with the role that the account has set for API Gateway in the region. That is an account
 * setting shared by all REST APIs, so no API's stack creates, replaces or removes it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function regionalRestApi(
  scope: Construct,
  { throttle, accessLog, stage }: RestApiSettings,
  props: RestApiProps = {},
): RestApi {
  const api = new RestApi(scope, 'Api', {
    restApiName: apiName(scope),
    endpointTypes: [EndpointType.REGIONAL],
    cloudWatchRole: false,
    deployOptions: {
      stageName: stage?.name ?? OWN_STAGE.rest,
      tracingEnabled: true,
      loggingLevel: MethodLoggingLevel.ERROR,
      throttlingRateLimit: throttle.rate,
      throttlingBurstLimit: throttle.burst,
      accessLogDestination: new LogGroupLogDestination(accessLog),
      accessLogFormat: AccessLogFormat.custom(accessLogFormat('rest')),
    },
    ...props,
  });
  // Stack outputs are for the team to name.
  api.node.tryRemoveChild('Endpoint');
  return api;
}
