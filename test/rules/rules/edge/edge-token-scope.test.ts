import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeTokenScope } from '../../../../lib/rules/rules/edge/edge-token-scope';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeTokenScope, graphWith, [
  {
    mistake: 'a token for every account',
    change: { 'token.policies.0.resources': { 'com.cloudflare.api.account.*': '*' } },
    message: 'is for every account',
    open: { 'token.policies.0.resources': UNKNOWN_TEXT },
  },
  {
    mistake: 'a token for every zone, as JSON',
    change: { 'token.policies.0.resources': '{"com.cloudflare.api.account.zone.*":"*"}' },
    message: 'is for every zone',
    open: { 'token.policies': UNKNOWN_TEXT },
  },
]);
