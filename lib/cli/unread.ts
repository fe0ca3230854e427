import { displayName } from '../core/model/display';
import type { Model } from '../core/model/model';
import type { ReadError } from '../core/model/read-error';
import { UNREAD_WORDS, unreadIn } from '../core/model/unread';

/** What a report on models lacks. */
export interface Incomplete {
  /** What is deployed and was not read. */
  readonly unread: readonly ReportedUnread[];
  /** Files that could not be read at all. */
  readonly failures: readonly { readonly template: string; readonly message: string }[];
}

/** Something that was not read, as a JSON report has it. */
export interface ReportedUnread {
  /** Why it was not read: `nested-template`, `file`, `expansion`, `transform`, `translation`. */
  readonly kind: string;
  /** File of the template, or the name of the program. */
  readonly template: string;
  /** Display name of the resource. */
  readonly resource: string;
  /** The property, dotted. */
  readonly property?: string;
  readonly message: string;
  readonly remedy: string;
}

/**
 * What was not read of models. Call it after the types of interest have been read.
 * @param failures of paths that yielded no model
 */
export function incomplete(models: readonly Model[], failures: readonly ReadError[] = []): Incomplete {
  return {
    unread: models.flatMap((model) =>
      unreadIn(model).map(({ kind, resource, property, reason }) => ({
        kind,
        template: model.templates.get(resource.template)?.file ?? resource.template,
        resource: displayName(resource),
        property,
        message: reason,
        remedy: UNREAD_WORDS[kind].remedy,
      })),
    ),
    failures: [...failures, ...models.flatMap((model) => model.failures)].map(({ file, message }) => ({
      template: file,
      message,
    })),
  };
}

/**
 * What was not read, as text: grouped by reason, each with the remedy; what both sides of a comparison lack, once. Empty
 * if everything was read.
 */
export function unreadSections({
  unread,
}: Incomplete): { readonly title: string; readonly lines: readonly string[] }[] {
  return Object.entries(UNREAD_WORDS).flatMap(([kind, { title, remedy }]) => {
    const lines = unread
      .filter((one) => one.kind === kind)
      .map(({ resource, property, message }) => `${resource}${property ? ` ${property}` : ''}: ${message}`);
    return lines.length === 0 ? [] : [{ title: `Not read: ${title}`, lines: [...new Set(lines), `-> ${remedy}`] }];
  });
}
