import { randomUUID } from 'node:crypto';
import { escapeXml } from '../../kernel/aws-errors';
import type { LocalContext, LocalService } from '../../kernel/service';

/** AWS STS: who the caller is, which needs no permission. */
export function sts({ account }: LocalContext): LocalService {
  return {
    resourceTypes: [],
    api: {
      signingNames: ['sts'],
      protocol: 'query',
      denial: { code: 'AccessDenied', status: 403 },
      needs: ({ operation }) => (operation === 'GetCallerIdentity' ? [] : undefined),
      handle: async ({ caller }) => ({
        status: 200,
        headers: { 'content-type': 'text/xml' },
        body:
          '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
          `<Arn>${escapeXml(caller.arn)}</Arn><UserId>${caller.accessKeyId}:${escapeXml(caller.arn.split('/').at(-1) ?? '')}</UserId>` +
          `<Account>${account}</Account></GetCallerIdentityResult>` +
          `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
      }),
    },
  };
}
