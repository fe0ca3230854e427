import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgePlaintextSecret } from '../../../../lib/rules/rules/edge/edge-plaintext-secret';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgePlaintextSecret, graphWith, [
  {
    mistake: 'a key in a plain_text binding',
    change: { 'worker.bindings.0.text': 'sk_live_4eC39HqLyjWDarjtT1zdp7dc' },
    message: 'has a Stripe key in plain text in STAGE',
    openButFine: { 'worker.bindings.0.text': UNKNOWN_TEXT },
  },
  {
    mistake: 'a secret_text that is no Pulumi secret',
    change: { 'worker.bindings.1.text': 'hunter2' },
    message: 'has the secret TOKEN in the state in plain text',
    open: { 'worker.bindings.1.text': UNKNOWN_TEXT },
  },
  {
    mistake: 'a password in a plain_text binding',
    change: { 'worker.bindings.0': { type: 'plain_text', name: 'DB_PASSWORD', text: 'hunter2-hunter3' } },
    message: 'has a password in plain text in DB_PASSWORD',
    open: { 'worker.bindings.0': { type: 'plain_text', name: 'DB_PASSWORD', text: UNKNOWN_TEXT } },
  },
  {
    mistake: 'a password in a binding of any type',
    change: { 'worker.bindings.0': { type: 'json', name: 'DB_PASSWORD', json: 'hunter2-hunter3' } },
    message: 'has a password in plain text in DB_PASSWORD',
    open: { 'worker.bindings.0': { type: UNKNOWN_TEXT, name: 'STAGE', text: 'test' } },
  },
  {
    mistake: 'a password among the variables of a Pages project',
    change: {
      'pages.deploymentConfigs.production.envVars.DB_PASSWORD': { type: 'plain_text', value: 'hunter2-hunter3' },
    },
    message: 'has a password in plain text in DB_PASSWORD',
    open: { 'pages.deploymentConfigs.production.envVars.DB_PASSWORD': { type: 'plain_text', value: UNKNOWN_TEXT } },
  },
]);
