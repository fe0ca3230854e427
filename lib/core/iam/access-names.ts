import { displayName } from '../model/display';
import { type Model } from '../model/model';
import { STREAM } from '../model/name-table';
import { Names } from '../model/names';
import { type ArnIndex, arnIndex, type Found } from './arn-index';
import { Reference, Secret, type Unknown } from '../model/values';

/** Stands for the account of a template that does not name it. */
export const SOME_ACCOUNT = '000000000000';
/** Stands for the region of a template that does not name it. */
const SOME_REGION = 'some-region';

/**
 * The names of a model as access is compared and shown: a resource is known by its construct path, so that hashes in
 * logical ids, accounts and regions make no difference.
 */
export class AccessNames {
  /** Names that hold construct paths. */
  readonly names: Names;
  private readonly index: ArnIndex;
  private readonly shown = new Map<string, string>();

  constructor(model: Model) {
    this.names = new Names(model, {
      account: SOME_ACCOUNT,
      region: SOME_REGION,
      identify: (resource) => displayName(resource).replace(/[*?:<>]/g, '_'),
      unresolved: standIn,
    });
    this.index = arnIndex(model, this.names);
  }

  /** The resource of the model whose ARN a text begins with; undefined when there is none. */
  find(text: string): Found | undefined {
    return this.index.find(text);
  }

  /** A text of a policy for a reader: construct paths for the resources of the model, no made-up account or region. */
  show(text: string): string {
    const known = this.shown.get(text);
    if (known !== undefined) return known;
    const found = text.startsWith('arn:') ? this.find(text) : undefined;
    const shown = found
      ? displayName(found.resource) + found.rest.replace(STREAM, '/stream')
      : text.replaceAll(SOME_ACCOUNT, '${AWS::AccountId}').replaceAll(SOME_REGION, '${AWS::Region}');
    this.shown.set(text, shown);
    return shown;
  }

  /** A sentence with quoted texts of policies for a reader. */
  showIn(sentence: string): string {
    return sentence.replace(/'([^']*)'/g, (_, text: string) => `'${this.show(text)}'`);
  }
}

/** Whether a text holds something that is known only at deployment. */
export function isOpen(text: string): boolean {
  return /<[^<>]*>/.test(text);
}

/** What stands in angle brackets, which no ARN and no action holds. */
function standIn(value: Unknown | Secret | Reference): string {
  if (value instanceof Reference) return `<${[value.target, value.attribute].filter(Boolean).join('.')}>`;
  if (value instanceof Secret) return '<secret>';
  return `<${value.name ?? 'unknown'}>`.replaceAll(':', '.');
}
