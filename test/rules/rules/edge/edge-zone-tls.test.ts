import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeZoneTls } from '../../../../lib/rules/rules/edge/edge-zone-tls';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeZoneTls, graphWith, [
  {
    mistake: 'an origin that is asked without TLS',
    change: { 'tls.value': 'flexible' },
    message: 'calls origins without TLS, while visitors see a padlock',
    open: { 'tls.value': UNKNOWN_TEXT },
  },
  {
    mistake: 'a zone without TLS',
    change: { 'tls.value': 'off' },
    message: 'serves its zone without TLS',
    open: { 'tls.settingId': UNKNOWN_TEXT },
  },
  { mistake: 'a version that is broken', change: { 'oldest.value': '1.0' }, message: 'accepts TLS 1.0' },
]);
