import { at } from '../../../core/model/select';
import { each, type Rule, texts } from '../../rule';

/** A layer is not for everybody. */
export const layerPublic: Rule = {
  id: 'LayerPublic',
  severity: 'error',
  title: 'No layer is open to everybody',
  why: 'Every AWS account can download its code, with whatever configuration or secret is packed in it.',
  fix: 'name the account in Principal, or set OrganizationId beside the *',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html',
  check: each(['AWS::Lambda::LayerVersionPermission'], function* (permission) {
    const { values, unknown } = texts(permission, 'Principal');
    yield* unknown;
    if (values.some(({ value }) => value === '*') && at(permission, 'OrganizationId') === undefined) {
      yield { resource: permission, property: 'Principal', message: 'lets every AWS account read the layer' };
    }
  }),
};
