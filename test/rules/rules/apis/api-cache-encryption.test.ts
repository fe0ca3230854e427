import { apiCacheEncryption } from '../../../../lib/rules/rules/apis/api-cache-encryption';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { restApi } from './templates';

const settings = (value: object) => ({
  'Stage.MethodSettings': [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100, ...value }],
});

describeFaults(apiCacheEncryption, restApi, [
  {
    mistake: 'a cache in the clear',
    change: settings({ CachingEnabled: true }),
    message: 'caches responses unencrypted',
    open: settings({ CachingEnabled: true, CacheDataEncrypted: OPEN }),
  },
]);

describeAccepted(apiCacheEncryption, restApi, [
  { accepts: 'an encrypted cache', change: settings({ CachingEnabled: true, CacheDataEncrypted: true }) },
]);
