import { recordOf } from '../record';

/** Whether a value is an intrinsic function. */
export function isIntrinsic(value: unknown): boolean {
  const [name, ...more] = Object.keys(recordOf(value));
  return name !== undefined && more.length === 0 && (name === 'Ref' || name.startsWith('Fn::'));
}
