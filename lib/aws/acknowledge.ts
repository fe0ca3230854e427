import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Tells rule packs why a finding on a construct is intended. The pack itself need not be installed.
 *
 * It records what `Validations.of(construct).acknowledge()` records, where packs and synthesis read it, without
 * a stack trace per finding: that would only show this library, and costs more than the construct.
 * @param reasons by finding, as named in the report: `Pack::Rule`, or `Pack::Rule[detail]`
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, reasons);
}
