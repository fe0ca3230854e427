import { CfnFunction, CfnPermission, CfnUrl } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { functionOf } from './holdings';

/** Services whose calls a client waits for. */
const SYNCHRONOUS =
  /^(apigateway|elasticloadbalancing|cognito-idp|lex|lexv2|alexa-appkit|alexa-connectedhome|edgelambda)\./;

/** Ids of CDK's own functions, which run during a deployment. */
const CDK_OWN =
  /(^|\/)(framework-(onEvent|isComplete|onTimeout)|AWS[0-9a-f]{32}|Custom::[^/]*|LogRetention[0-9a-f]{32}|SingletonLambda[^/]*)(\/|$)/;

/** Functions below a construct that no caller waits for: no API, load balancer or function URL invokes them. */
export function backgroundFunctions(scope: IConstruct): CfnFunction[] {
  const everything = scope.node.root.node.findAll();
  const waitedFor = new Set(
    [
      ...everything.filter(CfnPermission.isCfnPermission).filter(({ principal }) => SYNCHRONOUS.test(principal)),
      ...everything.filter(CfnUrl.isCfnUrl),
    ].map((use) => functionOf(use, 'functionName' in use ? use.functionName : use.targetFunctionArn)),
  );
  return scope.node
    .findAll()
    .filter(CfnFunction.isCfnFunction)
    .filter((fn) => !waitedFor.has(fn) && !CDK_OWN.test(fn.node.path));
}
