import { CfnManagedPolicy, CfnPolicy, CfnRole, CfnRolePolicy, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, CfnPermission, CfnUrl } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { functionOf } from './holdings';

/** Actions by which a function is called. */
const INVOKES = /^(\*|lambda:(\*|invoke.*))$/i;

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

/**
 * The functions of an app that somebody may call: a service by a permission, a URL, or a role whose policy names them.
 * A policy for all functions, or for a name that is only text, names none. Queues and streams do not call: they are read.
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

/** What the statements of a policy allow to call. */
function invoked(document: unknown): readonly unknown[] {
  const written: unknown = document instanceof PolicyDocument ? document.toJSON() : document;
  const { Statement = [] } = (written ?? {}) as { readonly Statement?: Statement | readonly Statement[] };
  return [Statement]
    .flat()
    .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().some((one) => INVOKES.test(String(one))))
    .flatMap(({ Resource }) => Resource);
}
