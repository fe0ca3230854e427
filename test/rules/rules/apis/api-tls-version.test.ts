import { apiTlsVersion } from '../../../../lib/rules/rules/apis/api-tls-version';
import { describeFaults, OPEN } from '../faults';
import { httpApi } from './templates';

describeFaults(apiTlsVersion, httpApi, [
  {
    mistake: 'a domain that accepts TLS 1.0',
    change: { 'Domain.DomainNameConfigurations.0.SecurityPolicy': 'TLS_1_0' },
    message: 'accepts TLS 1.0',
    openButFine: { 'Domain.DomainNameConfigurations.0.SecurityPolicy': OPEN },
  },
]);
