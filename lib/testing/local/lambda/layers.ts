import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { texts } from '../kernel/json';
import type { Deployed, Deployment } from '../kernel/deployment';

/** What is missing here of a layer. */
export interface LayerGap {
  /** The layer as a user names it, or its ARN. */
  readonly layer: string;
  readonly reason: string;
}

/**
 * What layers bring on Lambda and not here: extensions, which are processes of their own, and everything of a layer
 * that is in no template.
 * @param functions those that run
 * @param directoryOf the files of a layer
 */
export function layerGaps(
  functions: readonly Deployed[],
  deployment: Deployment,
  directoryOf: (layer: Deployed) => string,
): readonly LayerGap[] {
  const arns = new Set(functions.flatMap(({ properties }) => texts(properties.Layers)));
  return [...arns].flatMap((arn) => {
    const layer = deployment.withRef(arn, 'AWS::Lambda::LayerVersion');
    if (!layer) {
      const reason =
        'it is in no template: its files and extensions are missing, and packages come from the project instead';
      return [{ layer: arn, reason }];
    }
    const extensions = path.join(directoryOf(layer), 'extensions');
    const names = existsSync(extensions) ? readdirSync(extensions).filter((name) => !name.startsWith('.')) : [];
    if (names.length === 0) return [];
    return [{ layer: layer.displayName, reason: `its extensions are not started: ${names.sort().join(', ')}` }];
  });
}
