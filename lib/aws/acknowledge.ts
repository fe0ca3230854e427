import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Tells rule packs why a finding on a construct is meant to be. The pack itself need not be there.
 *
 * It records what `Validations.of(construct).acknowledge()` records, where the packs and the synthesis read it, without
 * the stack trace of each finding: that would only show this library, and costs more than the construct.
 * @param reasons by finding as the report names it: `Pack::Rule`, or `Pack::Rule[detail]`
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, reasons);
}
