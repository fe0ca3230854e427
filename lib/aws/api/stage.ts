import type { Check } from '../../core/check/check';
import { filled, object } from '../../core/check/kinds';
import { stageNameLength } from '../../core/facts/api-gateway';
import type { ApiKind } from './route-key';

/** The stage of an API. */
export interface ApiStage {
  /** Its name, the first path segment of the default endpoint: `prod`. 1 to 128 letters, digits, `-` and `_`. */
  readonly name: string;
}

/** The stage of an API. */
export const STAGE = object<ApiStage>({ name: filled('prod') }, "{ name: 'prod' }", {
  stageName: "write 'name'",
  variables: "write 'stageVariables' beside it",
});

/** The stage of an HTTP API that does not appear in the URL. */
export const DEFAULT_STAGE = '$default';

/** The default stage of a new API, by kind. */
export const OWN_STAGE: Readonly<Record<ApiKind, string>> = { http: DEFAULT_STAGE, rest: 'live' };

/** Checks of a stage's name. */
export function stageChecks(kind: ApiKind, { name }: ApiStage): Check[] {
  const { value: most } = stageNameLength;
  const special = kind === 'http' ? `, or '${DEFAULT_STAGE}'` : '';
  return [
    {
      prop: 'stage.name',
      value: name,
      valid: () =>
        (/^[A-Za-z0-9_-]+$/.test(name) && name.length <= most) || (kind === 'http' && name === DEFAULT_STAGE),
      rule: `must be 1 to ${most} letters, digits, '-' and '_'${special}`,
      remedy: "write it as 'prod'",
    },
  ];
}
