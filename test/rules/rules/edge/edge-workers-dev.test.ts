import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeWorkersDev } from '../../../../lib/rules/rules/edge/edge-workers-dev';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeWorkersDev, graphWith, [
  {
    mistake: 'a second address on workers.dev',
    change: { 'subdomain.enabled': true },
    message: 'answers on workers.dev beside its domain',
    openButFine: { 'subdomain.enabled': UNKNOWN_TEXT },
  },
  {
    mistake: 'previews for everybody',
    change: { 'subdomain.previewsEnabled': true },
    message: 'shows its previews to everybody',
  },
]);
