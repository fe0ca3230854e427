import type { Check } from '../../core/check/check';
import { within } from '../../core/facts';
import type { EdgeGatewayArgs } from '../gateway-args';
import { address } from './address';

const PERCENT = { min: 0, max: 100 };
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Checks of experiments and flags. */
export function experimentChecks({ experiments = {}, flags = {} }: EdgeGatewayArgs): Check[] {
  return [
    ...Object.entries(experiments).flatMap(([name, variants]) => {
      const shares = Object.values(variants).map(({ share }) => share);
      const sum = shares.reduce((all, share) => all + share, 0);
      return [
        nameCheck(`experiments.${name}`, name),
        {
          prop: `experiments.${name}`,
          value: Object.fromEntries(Object.entries(variants).map(([variant, { share }]) => [variant, share])),
          valid: () =>
            Math.abs(sum - 100) < 1e-9 && shares.length >= 2 && shares.every((share) => within(PERCENT, share)),
          rule: 'must have at least two variants whose shares add up to 100',
          remedy:
            shares.length < 2
              ? 'add a variant, or remove the experiment'
              : `set shares from 0 to 100; these add up to ${sum}`,
        },
        ...Object.keys(variants).map((variant) => nameCheck(`experiments.${name}.${variant}`, variant)),
        ...Object.entries(variants).flatMap(([variant, { origin }]) =>
          origin === undefined ? [] : [address(`experiments.${name}.${variant}.origin`, origin)],
        ),
      ];
    }),
    ...Object.entries(flags).flatMap(([name, share]) => [
      nameCheck(`flags.${name}`, name),
      {
        prop: `flags.${name}`,
        value: share,
        valid: () => within(PERCENT, share),
        rule: 'must be a share from 0 to 100 percent',
        remedy: 'set 0 for none and 100 for all',
      },
    ]),
  ];
}

function nameCheck(prop: string, name: string): Check {
  return {
    prop,
    value: name,
    valid: () => NAME.test(name),
    rule: 'must be named with lower-case letters, digits and dashes, since it becomes part of a header',
    remedy: 'rename it',
  };
}
