import * as pulumi from '@pulumi/pulumi';
import { isPreviewStack } from '../core/preview-stack';

/**
 * Whether the stack is a preview, as for `isPreview()` of `lintel/edge`.
 * @throws RunError when a stack that may not be one is declared a preview
 */
export function isPreview(): boolean {
  return isPreviewStack(pulumi);
}
