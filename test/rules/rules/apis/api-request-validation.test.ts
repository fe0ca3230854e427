import { apiRequestValidation } from '../../../../lib/rules/rules/apis/api-request-validation';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { restApi } from './templates';

describeFaults(apiRequestValidation, restApi, [
  {
    mistake: 'a model that nothing is held against',
    change: { 'Method.RequestModels': { 'application/json': 'Order' } },
    message: 'declares a model, but validates nothing',
    openButFine: { 'Method.RequestModels': { 'application/json': 'Order' }, 'Method.RequestValidatorId': OPEN },
  },
  {
    mistake: 'a required parameter that may be left out',
    change: { 'Method.RequestParameters': { 'method.request.querystring.page': true } },
    message: 'requires querystring.page, but validates nothing',
  },
]);

describeAccepted(apiRequestValidation, restApi, [
  {
    accepts: 'parameters of the path, which are always there, and those that may be left out',
    change: {
      'Method.RequestParameters': { 'method.request.path.id': true, 'method.request.header.accept': false },
    },
  },
]);
