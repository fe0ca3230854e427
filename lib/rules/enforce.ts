import type * as cdk from 'aws-cdk-lib';
import type * as nag from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { LintelChecks, type LintelChecksProps } from './plugin';

/** Packs of cdk-nag, by the name that their findings carry. */
export type NagPackName =
  | 'AwsSolutions'
  | 'Serverless'
  | 'HIPAA.Security'
  | 'NIST.800.53.R4'
  | 'NIST.800.53.R5'
  | 'PCI.DSS.321';

/** What an app is checked against. */
export interface EnforceOptions extends LintelChecksProps {
  /**
   * cdk-nag packs to check in addition to our rules.
   * @default - none
   */
  readonly packs?: readonly NagPackName[];
}

/**
 * Checks an app or stage against our rules and cdk-nag packs, in one line.
 *
 * @example
 * enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
 * @throws Error when packs are asked for and cdk-nag is not installed
 */
export function enforce(scope: IConstruct, { packs = [], rules }: EnforceOptions = {}): void {
  const { Validations } = require('aws-cdk-lib') as typeof cdk;
  const plugins = packs.length === 0 ? [] : packs.map(nagPack(loadNag()));
  Validations.of(scope).addPlugins(new LintelChecks({ rules }), ...plugins);
}

function nagPack(module: typeof nag): (name: NagPackName) => nag.NagPack {
  const packs: Readonly<Record<NagPackName, () => nag.NagPack>> = {
    AwsSolutions: () => new module.AwsSolutionsChecks(),
    Serverless: () => new module.ServerlessChecks(),
    'HIPAA.Security': () => new module.HIPAASecurityChecks(),
    'NIST.800.53.R4': () => new module.NIST80053R4Checks(),
    'NIST.800.53.R5': () => new module.NIST80053R5Checks(),
    'PCI.DSS.321': () => new module.PCIDSS321Checks(),
  };
  return (name) => packs[name]();
}

function loadNag(): typeof nag {
  try {
    return require('cdk-nag') as typeof nag;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error("'packs' needs cdk-nag, which is not installed; run 'npm install --save-dev cdk-nag'", {
      cause: error,
    });
  }
}
