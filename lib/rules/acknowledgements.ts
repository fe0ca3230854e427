import type { Acknowledgement, Resource } from '../core/model/model';
import { NAMESPACE } from './identity';
import { OFFICIAL_NAMESPACE } from './official/official-rules';

const EXPIRY = /[\s,;(]*\bexpires:?\s+(\S+?)\)?\.?$/i;

/**
 * An acknowledgement of ours, as the team wrote it with the platform's own call. An expiry goes at the / end of the
 * reason, since the platform keeps nothing else:
 *
 * ```ts
 * Validations.of(queue).acknowledge({ id: 'Lintel::QueueEncrypted', reason: 'public data; expires 2027-03-31' });
 * ```
 */
export interface ParsedAcknowledgement {
  /** `Lintel::QueueEncrypted` or `Lintel::FunctionSecrets[TOKEN]`. */
  readonly id: string;
  /** The construct it was made on; it covers everything below as well. */
  readonly path: string;
  /** The reason without the expiry. */
  readonly reason: string;
  /** Last day on which it holds, as YYYY-MM-DD. */
  readonly expires?: string;
  /** What is wrong with the expiry. */
  readonly invalid?: string;
  /** The template whose resources it is about, with those of nested stacks. */
  readonly within?: string;
  /** If it comes from a template's metadata: the resource, and the ids of everything expanded from it. */
  readonly on?: { readonly resource: Resource; readonly all: ReadonlySet<string> };
}

/** The acknowledgements of our rules and the official validator's, without duplicates. */
export function ownAcknowledgements(all: readonly Acknowledgement[]): ParsedAcknowledgement[] {
  const own = all
    .filter(({ id }) => id.startsWith(`${NAMESPACE}::`) || id.startsWith(`${OFFICIAL_NAMESPACE}::`))
    .map(parse);
  return [
    ...new Map(
      own.map((acknowledgement) => [
        `${acknowledgement.within} ${acknowledgement.path} ${acknowledgement.id}`,
        acknowledgement,
      ]),
    ).values(),
  ];
}

function parse(given: Acknowledgement): ParsedAcknowledgement {
  const { reason } = given;
  const [suffix, expires] = EXPIRY.exec(reason) ?? [];
  if (suffix === undefined || expires === undefined) return given;
  const acknowledgement = { ...given, reason: reason.slice(0, -suffix.length) };
  return isDate(expires)
    ? { ...acknowledgement, expires }
    : { ...acknowledgement, invalid: `its expiry '${expires}' is not a date such as 2027-03-31` };
}

/** Whether a string is a date such as 2027-03-31. */
export function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Whether an acknowledgement has ended. */
export function hasExpired(acknowledgement: ParsedAcknowledgement, today: string): boolean {
  return (
    acknowledgement.invalid !== undefined || (acknowledgement.expires !== undefined && acknowledgement.expires < today)
  );
}

/** Finds the acknowledgement of a finding by id: on the resource, on its construct, or on the nearest one above. */
export class AcknowledgementIndex {
  private readonly byPlace = new Map<string, ParsedAcknowledgement>();
  private readonly templates: ReadonlySet<string | undefined>;
  private readonly byResource = new Map<string, ParsedAcknowledgement>();

  constructor(readonly all: readonly ParsedAcknowledgement[]) {
    this.templates = new Set(all.map(({ within }) => within));
    for (const acknowledgement of all) {
      const { id, path, on, within } = acknowledgement;
      if (on) for (const resource of on.all) this.byResource.set(`${resource} ${id}`, acknowledgement);
      else this.byPlace.set(`${within} ${path} ${id}`, acknowledgement);
    }
  }

  /**
   * The acknowledgement of a finding, the most specific first.
   * @param ids the ids of the finding and of its rule
   */
  find(resource: Resource, ids: readonly string[]): ParsedAcknowledgement | undefined {
    if (this.byResource.size > 0) {
      const found = ids.map((id) => this.byResource.get(`${resource.id} ${id}`)).find((one) => one !== undefined);
      if (found) return found;
    }
    if (this.byPlace.size === 0) return undefined;
    const templates = [...this.templates].filter(
      (within) => within === undefined || `${resource.template}/`.startsWith(`${within}/`),
    );
    for (let place = resource.path ?? ''; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/')))) {
      for (const id of ids) {
        for (const within of templates) {
          const found = this.byPlace.get(`${within} ${place} ${id}`);
          if (found) return found;
        }
      }
      if (place === '') return undefined;
    }
  }
}
