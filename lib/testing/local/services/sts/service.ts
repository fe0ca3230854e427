import { randomUUID } from 'node:crypto';
import { escapeXml } from '../../kernel/aws-errors';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Need } from '../../kernel/judge';
import type { LocalContext, LocalService } from '../../kernel/service';
import { assumeRole, assumeRoleNeeds } from './assume-role';

/** AWS STS: caller identity, which needs no permission, and sessions of the templates' roles. */
export function sts(context: LocalContext): LocalService {
  function needs({ operation, input }: Call): readonly Need[] | undefined {
    if (operation === 'GetCallerIdentity') return [];
    return operation === 'AssumeRole' ? assumeRoleNeeds(context, input) : undefined;
  }

  return {
    resourceTypes: [],
    api: {
      signingNames: ['sts'],
      protocol: 'query',
      denial: { code: 'AccessDenied', status: 403 },
      needs,
      handle: async ({ operation, caller, input }) =>
        operation === 'AssumeRole'
          ? answer(operation, assumeRole(context, caller, input))
          : answer(operation, {
              Arn: caller.arn,
              UserId: `${caller.accessKeyId}:${caller.arn.split('/').at(-1) ?? ''}`,
              Account: context.account,
            }),
    },
  };
}

/** The result of an operation: strings, possibly nested. */
export interface StsResult {
  readonly [name: string]: string | StsResult;
}

function answer(operation: string, result: StsResult): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body:
      `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${xml(result)}` +
      `</${operation}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${operation}Response>`,
  };
}

function xml(result: StsResult): string {
  return Object.entries(result)
    .map(([name, value]) => `<${name}>${typeof value === 'string' ? escapeXml(value) : xml(value)}</${name}>`)
    .join('');
}
