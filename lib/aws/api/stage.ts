import type { Check } from '../../core/check/check';
import { filled, object } from '../../core/check/kinds';
import { stageNameLength } from '../../core/facts/api-gateway';
import type { ApiKind } from './route-key';

/** The stage of an API. */
export interface ApiStage {
  /** Its name, which is the first segment of the address that AWS gives: `prod`. 1 to 128 letters, digits, `-` and `_`. */
  readonly name: string;
}

/** The stage of an API. */
export const STAGE = object<ApiStage>({ name: filled('prod') }, "{ name: 'prod' }", {
  stageName: "write 'name'",
  variables: "write 'stageVariables' beside it",
});

/** The stage of an HTTP API whose name is in no address. */
export const DEFAULT_STAGE = '$default';

/** The only stage of an API of its own, by kind, where nothing is said. */
export const OWN_STAGE: Readonly<Record<ApiKind, string>> = { http: DEFAULT_STAGE, rest: 'live' };

/** What must hold for the name of a stage, as rows of the validation table. */
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
