import * as pulumi from '@pulumi/pulumi';
import { isPreviewStack } from '../core/preview-stack';

/**
 * Whether the stack is a preview, as `isPreview()` of `lintel/edge` says it.
 * @throws RunError when a stack is told so that may not be one
 */
export function isPreview(): boolean {
  return isPreviewStack(pulumi);
}
