import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation, type IWebACLRef } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { either, having, text } from '../../core/check/kinds';

/** A web access control list of AWS WAF: itself, or its ARN. */
export type Firewall = string | IWebACLRef;

const REMEDY = "pass the web ACL, a 'new CfnWebACL(...)' with scope 'REGIONAL', or its ARN";

/** A web application firewall. */
export const FIREWALL = either(
  'must be a web ACL of AWS WAF, or its ARN',
  () => REMEDY,
  text('arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/a1b2'),
  having('a web ACL', 'webAclRef', REMEDY),
);

const ARN = /^arn:[\w-]+:wafv2:[\w-]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+$/;

/** What must hold for the firewall of an API, as rows of its validation table. */
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
      rule: "must have the scope 'REGIONAL': one for CloudFront guards no API",
      remedy: "make it with scope 'REGIONAL' in the region of the API",
    },
  ];
}

/** Has every request to a stage judged by the firewall first. */
export function addFirewall(scope: Construct, stage: Stage, firewall: Firewall): void {
  new CfnWebACLAssociation(scope, 'Firewall', {
    resourceArn: stage.stageArn,
    webAclArn: typeof firewall === 'string' ? firewall : firewall.webAclRef.webAclArn,
  });
}
