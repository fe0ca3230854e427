export { Access } from '../../lib/aws/access/access';
export { type BucketAccess, type BucketOptions, type BucketReadOptions } from '../../lib/aws/access/bucket';
export {
  Capability,
  type AccessMap,
  type AccessStatement,
  type CapabilityProps,
} from '../../lib/aws/access/capability';
export { type CustomAccessProps } from '../../lib/aws/access/custom';
export { type TableAccess, type TableReadOptions, type TableWriteOptions } from '../../lib/aws/access/table';
export { type BundlingOptions } from '../../lib/aws/bundle';
export { type HandlerSource, ServiceFunction, type ServiceFunctionProps } from '../../lib/aws/service-function';
