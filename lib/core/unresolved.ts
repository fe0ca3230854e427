/** What CDK and Pulumi give in place of a value that is known only later. None of them is imported here. */
const TOKEN_TEXT = /\$\{Token\[/;
const TOKEN_LIST_ITEM = /^#\{Token\[/;

/**
 * Whether a value is known only at deployment: a CDK Token in any of its disguises (text, number, list, object), a
 * Duration or Size made of one, or a Pulumi Output or promise.
 */
export function isUnresolved(value: unknown): boolean {
  if (typeof value === 'string') return TOKEN_TEXT.test(value);
  if (typeof value === 'number') return isTokenNumber(value);
  if (Array.isArray(value)) return value.length === 1 && typeof value[0] === 'string' && TOKEN_LIST_ITEM.test(value[0]);
  if (typeof value !== 'object' || value === null) return false;
  if ('isUnresolved' in value && typeof value.isUnresolved === 'function') return Boolean(value.isUnresolved());
  if ('then' in value && typeof value.then === 'function') return true;
  if ('__pulumiOutput' in value) return true;
  return 'resolve' in value && typeof value.resolve === 'function' && 'creationStack' in value;
}

/** Whether a value is one of Pulumi's that comes later, of which nothing tells what it will be. */
export function isLater(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return '__pulumiOutput' in value || ('then' in value && typeof value.then === 'function');
}

const BITS = new DataView(new ArrayBuffer(8));

/** CDK encodes a number Token in the payload of a very large negative double, whose high bits are fixed. */
function isTokenNumber(value: number): boolean {
  if (!(value < -1e280)) return false;
  BITS.setFloat64(0, value);
  return (BITS.getUint32(0) & 0xffff0000) >>> 0 === 0xfbff0000;
}
