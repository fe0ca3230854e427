import { corsCredentials } from '../../../../lib/rules/rules/apis/cors-credentials';
import { describeFaults, OPEN } from '../faults';
import { functions } from '../functions/templates';
import { httpApi } from './templates';

describeFaults(corsCredentials, httpApi, [
  {
    mistake: 'credentials for every origin',
    change: { 'Api.CorsConfiguration': { AllowCredentials: true, AllowOrigins: ['https://*'] } },
    message: 'allows credentials from every origin',
  },
]);

describeFaults(corsCredentials, functions, [
  {
    mistake: 'credentials for every origin',
    change: { 'Url.Cors': { AllowCredentials: true, AllowOrigins: ['*'] } },
    message: 'allows credentials from every origin',
    open: { 'Url.Cors': { AllowCredentials: true, AllowOrigins: [OPEN] } },
  },
]);
