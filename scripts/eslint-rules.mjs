// Rules of ESLint and typescript-eslint that oxlint does not have, or only with types, as one of its plugins.
import { builtinRules } from 'eslint/use-at-your-own-risk';
import tseslint from 'typescript-eslint';

/** @type {{ readonly rules: Readonly<Record<string, unknown>> }} */
const { rules } = Object(tseslint.plugin);

export default {
  meta: { name: 'eslint-rules' },
  rules: {
    'dot-notation': builtinRules.get('dot-notation'),
    'no-restricted-syntax': builtinRules.get('no-restricted-syntax'),
    'member-ordering': rules['member-ordering'],
  },
};
