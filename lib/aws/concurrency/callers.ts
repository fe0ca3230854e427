import { CfnManagedPolicy, CfnPolicy, CfnRole, CfnRolePolicy, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, CfnPermission, CfnUrl } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { functionOf } from './holdings';

/** Actions that invoke a function. */
const INVOKES = /^(\*|lambda:(\*|invoke.*))$/i;

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

/**
 * Functions of an app that something may invoke: a service by a permission, a URL, or a role whose policy names them.
 * A policy for all functions, or for a literal name, is not counted. Queues and streams do not invoke: they are polled.
 */
export function calledFunctions(root: IConstruct): ReadonlySet<CfnFunction> {
  const called = new Set<CfnFunction>();
  const add = (user: IConstruct, nameOrArn: unknown) => {
    const fn = functionOf(user, nameOrArn);
    if (fn) called.add(fn);
  };
  for (const construct of root.node.findAll()) {
    if (CfnPermission.isCfnPermission(construct)) add(construct, construct.functionName);
    if (CfnUrl.isCfnUrl(construct)) add(construct, construct.targetFunctionArn);
    for (const resource of documentsOf(construct).flatMap(invoked)) add(construct, resource);
  }
  return called;
}

function documentsOf(construct: IConstruct): readonly unknown[] {
  if (CfnRole.isCfnRole(construct)) {
    const { policies } = construct;
    return Array.isArray(policies)
      ? policies.map((one) => ('policyDocument' in one ? one.policyDocument : undefined))
      : [];
  }
  const isPolicy =
    CfnPolicy.isCfnPolicy(construct) ||
    CfnManagedPolicy.isCfnManagedPolicy(construct) ||
    CfnRolePolicy.isCfnRolePolicy(construct);
  return isPolicy ? [construct.policyDocument] : [];
}

/** Functions that a policy allows to invoke. */
function invoked(document: unknown): readonly unknown[] {
  const written: unknown = document instanceof PolicyDocument ? document.toJSON() : document;
  const { Statement = [] } = (written ?? {}) as { readonly Statement?: Statement | readonly Statement[] };
  return [Statement]
    .flat()
    .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().some((one) => INVOKES.test(String(one))))
    .flatMap(({ Resource }) => Resource);
}
