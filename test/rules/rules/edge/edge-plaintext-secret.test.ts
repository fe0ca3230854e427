import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgePlaintextSecret } from '../../../../lib/rules/rules/edge/edge-plaintext-secret';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgePlaintextSecret, graphWith, [
  {
    mistake: 'a key in a plain_text binding',
    change: { 'worker.bindings.0.text': 'sk_live_4eC39HqLyjWDarjtT1zdp7dc' },
    message: 'has a Stripe key in the clear in STAGE',
    openButFine: { 'worker.bindings.0.text': UNKNOWN_TEXT },
  },
  {
    mistake: 'a secret_text that is no Pulumi secret',
    change: { 'worker.bindings.1.text': 'hunter2' },
    message: 'has the secret TOKEN in the state in the clear',
  },
]);
