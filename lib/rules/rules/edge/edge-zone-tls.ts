import { at, isUnknown, toText } from '../../../core/model/select';
import { EDGE } from '../../lookups/edge-types';
import { each, type Rule, texts, undecided } from '../../rule';

/** Weak values, by setting. */
const WEAK: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ssl: { off: 'serves its zone without TLS', flexible: 'calls origins without TLS, while visitors see a padlock' },
  min_tls_version: { '1.0': 'accepts TLS 1.0', '1.1': 'accepts TLS 1.1' },
  always_use_https: { off: 'answers without TLS' },
};

export const edgeZoneTls: Rule = {
  id: 'EdgeZoneTls',
  severity: 'error',
  title: 'A zone has TLS 1.2 or later, from the visitor to the origin',
  why: 'Flexible and off send everything from Cloudflare to the origin unencrypted, tokens included; TLS 1.0 and 1.1 are broken.',
  fix: "set ssl to 'strict', min_tls_version to '1.2' and always_use_https to 'on'",
  source: 'https://developers.cloudflare.com/ssl/origin-configuration/ssl-modes/',
  check: each([EDGE.zoneSetting], function* (setting) {
    const id = at(setting, 'settingId');
    if (isUnknown(id)) yield undecided(setting, 'settingId', id);
    const weak = WEAK[toText(id) ?? ''];
    if (!weak) return;
    const { values, unknown } = texts(setting, 'value');
    yield* unknown;
    for (const { value } of values) {
      if (weak[value] !== undefined)
        yield { resource: setting, property: 'value', message: weak[value], detail: value };
    }
  }),
};
