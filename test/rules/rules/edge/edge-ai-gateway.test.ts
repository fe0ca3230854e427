import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeAiGateway } from '../../../../lib/rules/rules/edge/edge-ai-gateway';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeAiGateway, graphWith, [
  {
    mistake: 'a gateway without authentication',
    change: { 'gateway.authentication': undefined },
    message: 'serves anyone who knows its URL',
    open: { 'gateway.authentication': UNKNOWN_TEXT },
  },
  {
    mistake: 'a gateway whose authentication is off',
    change: { 'gateway.authentication': false },
    message: 'serves anyone who knows its URL',
    open: { 'gateway.authentication': UNKNOWN_TEXT },
  },
]);
