import { alarmSettings } from '../alarms/settings-shape';
import type { Check } from '../../core/check/check';
import { known, needed, oneOf, record } from '../../core/check/kinds';
import type { Shape } from '../../core/check/shape';
import { accountBurst, accountRate } from '../../core/facts/api-gateway';
import { RETENTION, TOPIC } from '../resource-kinds';
import type { ServerlessApiProps } from './api-props';
import { EXISTING_API, kindOfProps } from './adopted';
import { AUTHORIZER, authorizerChecks } from './authorizer';
import { CORS, corsChecks, preflightChecks, routeCorsChecks } from './cors';
import { API_DOMAIN, apiDomainChecks } from './api-domain';
import { STAGE, stageChecks } from './stage';
import { STAGE_VARIABLES, stageVariableChecks } from './stage-variables';
import { ENDPOINT, endpointChecks, POLICY } from './endpoint';
import { FIREWALL, firewallChecks } from './firewall';
import { routeChecks } from './route-key';
import { handlerChecks, readRoutes, ROUTE } from './routes';
import { keyChecks, restOnlyChecks } from './rest-only';
import { THROTTLE, throttleChecks, type ThrottleProps } from './throttle';
import { USAGE_PLANS, usagePlanChecks } from './usage-plans';

/** Shape of a `ServerlessApi`'s props. */
export const API_SHAPE: Shape<ServerlessApiProps> = {
  routes: needed(
    record(ROUTE, "{ 'GET /orders': 'src/list-orders.ts' }"),
    "say what it serves, such as { 'GET /orders': 'src/list-orders.ts' }",
  ),
  authorizer: needed(AUTHORIZER, AUTHORIZER.remedy(undefined), AUTHORIZER.rule),
  kind: known(oneOf('http', 'rest')),
  cors: CORS,
  throttle: THROTTLE,
  domain: API_DOMAIN,
  stage: STAGE,
  stageVariables: STAGE_VARIABLES,
  usagePlans: USAGE_PLANS,
  endpoint: ENDPOINT,
  policy: POLICY,
  firewall: FIREWALL,
  api: EXISTING_API,
  accessLogRetention: RETENTION,
  alarmTopic: TOPIC,
  alarms: alarmSettings('ServerlessApi'),
};

/** CDK's names for an API's props, and their equivalents here. */
export const API_NAMES = {
  authorization: "write 'authorizer'",
  defaultAuthorizer: "write 'authorizer'",
  corsPreflight: "write 'cors'",
  defaultCorsPreflightOptions: "write 'cors'",
  domainName: "write 'domain: { name, certificate }'",
  deployOptions: "write 'throttle'; 'stage' names it, and anything else is set on the child 'stage'",
  apiKeyRequired: "write 'usagePlans', and 'apiKey: false' on routes that need no key",
  apiKeys: "write 'usagePlans: { free: { keys: ['acme'] } }'",
  usagePlan: "write 'usagePlans', each with a name",
  endpointTypes: "write 'endpoint'",
  endpointConfiguration: "write 'endpoint'",
  resourcePolicy: "write 'policy'",
  stageName: "write 'stage: { name }'",
  variables: "write 'stageVariables'",
  webAcl: "write 'firewall'",
  webAclArn: "write 'firewall'",
  requestValidator: "write 'validate' on the routes",
  handler: "write 'routes', with a handler for each",
};

/** A tenth of what all APIs of an account share in a region. */
export const DEFAULT_THROTTLE: ThrottleProps = {
  rate: accountRate.value / 10,
  burst: accountBurst.value / 10,
};

/** Checks of a `ServerlessApi`'s props. */
export function apiChecks(props: ServerlessApiProps): Check[] {
  const kind = kindOfProps(props);
  const {
    throttle = DEFAULT_THROTTLE,
    authorizer,
    cors,
    domain,
    usagePlans,
    firewall,
    endpoint = 'regional',
    policy,
    stage,
    stageVariables,
  } = props;
  const routes = readRoutes(props.routes);
  const authorizers = new Map(routes.map((route) => [route.key, route.authorizer ?? authorizer]));
  return [
    ...routeChecks(kind, Object.keys(props.routes)),
    ...handlerChecks(kind, routes),
    ...authorizerChecks(kind, 'authorizer', authorizer),
    ...(cors ? [...corsChecks(kind, cors), ...preflightChecks(kind, authorizers)] : []),
    ...routeCorsChecks(routes, cors),
    ...(domain ? apiDomainChecks(domain) : []),
    ...(stage ? stageChecks(kind, stage) : []),
    ...(stageVariables ? stageVariableChecks(stageVariables) : []),
    ...throttleChecks('throttle', throttle),
    ...restOnlyChecks(kind, props, routes),
    ...(usagePlans ? usagePlanChecks(usagePlans, throttle) : []),
    ...endpointChecks(endpoint, policy, domain, authorizers),
    ...(firewall !== undefined ? firewallChecks(firewall) : []),
    ...keyChecks(usagePlans, routes),
  ];
}
