import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation, type IWebACLRef } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { either, having, text } from '../../core/check/kinds';

/** An AWS WAF web ACL, or its ARN. */
export type Firewall = string | IWebACLRef;

const REMEDY = "pass the web ACL, a 'new CfnWebACL(...)' with scope 'REGIONAL', or its ARN";

/** A web application firewall. */
export const FIREWALL = either(
  'must be an AWS WAF web ACL, or its ARN',
  () => REMEDY,
  text('arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/a1b2'),
  having('a web ACL', 'webAclRef', REMEDY),
);

const ARN = /^arn:[\w-]+:wafv2:[\w-]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+$/;

/** Checks of an API's firewall. */
export function firewallChecks(firewall: Firewall): Check[] {
  if (typeof firewall === 'string') {
    return [
      {
        prop: 'firewall',
        value: firewall,
        valid: () => ARN.test(firewall),
        rule: 'must be the ARN of a regional web ACL: arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>',
        remedy: REMEDY,
      },
    ];
  }
  const scope = CfnWebACL.isCfnResource(firewall) ? (firewall as CfnWebACL).scope : undefined;
  return [
    {
      prop: 'firewall',
      value: scope,
      valid: () => scope === undefined || scope === 'REGIONAL',
      rule: "must have the scope 'REGIONAL': one for CloudFront does not protect an API",
      remedy: "create it with scope 'REGIONAL' in the API's region",
    },
  ];
}

/** Puts the firewall in front of a stage. */
export function addFirewall(scope: Construct, stage: Stage, firewall: Firewall): void {
  new CfnWebACLAssociation(scope, 'Firewall', {
    resourceArn: stage.stageArn,
    webAclArn: typeof firewall === 'string' ? firewall : firewall.webAclRef.webAclArn,
  });
}
