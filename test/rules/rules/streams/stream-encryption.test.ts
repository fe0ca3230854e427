import { streamEncryption } from '../../../../lib/rules/rules/streams/stream-encryption';
import { describeFaults, OPEN } from '../faults';
import { encryptedStream, streams } from './templates';

describeFaults(streamEncryption, streams, [
  {
    mistake: 'a stream in the clear',
    change: { 'Clicks.StreamEncryption': undefined },
    message: 'is not encrypted at rest',
    openButFine: { 'Clicks.StreamEncryption': OPEN },
  },
  {
    mistake: 'a stream in the clear in one stage, but not in regions without encryption, as CDK says it',
    change: { 'Clicks.StreamEncryption': { 'Fn::If': ['IsProd', encryptedStream, { Ref: 'AWS::NoValue' }] } },
    message: 'is not encrypted at rest when not IsProd',
    openButFine: {
      'Clicks.StreamEncryption': {
        'Fn::If': ['AwsCdkKinesisEncryptedStreamsUnsupportedRegions', { Ref: 'AWS::NoValue' }, encryptedStream],
      },
    },
  },
]);
