import * as pulumi from '@pulumi/pulumi';
import { previewFault } from '../core/preview-stack';

/**
 * Whether the stack is a preview, as `isPreview()` of `lintel/edge` says it.
 * @throws RunError when a stack is told so that may not be one
 */
export function isPreview(): boolean {
  const said = new pulumi.Config('lintel').get('preview');
  const fault = previewFault(said, pulumi.getStack());
  if (fault !== undefined) throw new pulumi.RunError(fault);
  return said === 'true';
}
