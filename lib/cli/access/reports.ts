import { diffAccess } from '../../access/diff';
import { flowOf } from '../../access/events/flow';
import { type AccessMatrix, accessMatrix } from '../../access/matrix';
import { accessPaths } from '../../access/paths';
import { eventsMarkdown, eventsText } from '../../access/report/events';
import { diffMarkdown, matrixMarkdown, narrowedMarkdown } from '../../access/report/markdown';
import { pathsMarkdown, pathsText } from '../../access/report/paths';
import { DEFAULT_WIDTH } from '../../access/report/table';
import { diffText, matrixText, narrowedText, type TextStyle } from '../../access/report/text';
import { review, type ReviewOptions } from '../../access/review';
import { codeInMarkdown } from '../../core/markdown';
import type { Model } from '../../core/model/model';
import { visible, visibleJson } from '../../core/visible';
import { findConfig, readAcceptedChanges } from '../../rules/config/read-config';
import { RULES } from '../../rules/rules/registry';
import type { Io } from '../io';
import { type Incomplete, unreadSections } from '../unread';
import type { Format, Options } from './options';
import { narrowedBy } from './usage';

/** The report on models, and the exit code if everything was read. */
export interface Judged {
  readonly code: number;
  readonly print: (missing: Incomplete) => string;
}

/** Builds the requested report. */
export function judged(options: Options, models: readonly Model[], io: Io): Judged {
  const { diff, escalation, events, used, format } = options;
  const style: TextStyle = { width: io.columns ?? DEFAULT_WIDTH, colour: io.colour };
  if (diff) {
    const found = review(diffAccess(models[0]!, models[1]!), reviewing(options));
    return {
      code: found.widened.length > 0 ? 1 : 0,
      print: printer(format, { version: 1, ...found }, diffMarkdown, (value) => diffText(value, style)),
    };
  }
  if (escalation) {
    const found = models.flatMap(accessPaths);
    return {
      code: found.some(({ end }) => end === undefined) ? 1 : 0,
      print: printer(
        format,
        { version: 1, paths: found },
        () => pathsMarkdown(found),
        () => pathsText(found, style),
      ),
    };
  }
  if (events) {
    const flows = models.map(flowOf);
    return {
      code: 0,
      print: printer(
        format,
        flows.length === 1 ? flows[0]! : { version: 1, flows },
        () => flows.map(eventsMarkdown).join('\n'),
        () => flows.map((flow) => eventsText(flow, style)).join('\n'),
      ),
    };
  }
  if (used !== undefined) {
    const functions = narrowedBy(used, models[0]!);
    return {
      code: 0,
      print: printer(
        format,
        { version: 1, functions },
        () => narrowedMarkdown(functions),
        () => narrowedText(functions, style),
      ),
    };
  }
  const matrix = together(models.map(accessMatrix));
  return { code: 0, print: printer(format, matrix, matrixMarkdown, (value) => matrixText(value, style)) };
}

function printer<T extends object>(
  format: Format,
  value: T,
  markdown: (value: T) => string,
  text: (value: T) => string,
): Judged['print'] {
  return (missing) => {
    if (format === 'json') return `${visibleJson({ ...value, ...missing })}\n`;
    const sections = unreadSections(missing);
    return format === 'markdown'
      ? [
          markdown(value),
          ...sections.map(
            ({ title, lines }) => `**${title}**\n\n${lines.map((line) => `- ${codeInMarkdown(line)}`).join('\n')}\n`,
          ),
        ].join('\n')
      : [
          text(value),
          ...sections.map(({ title, lines }) => [title, ...lines.map((line) => `  ${visible(line)}`), ''].join('\n')),
        ].join('\n');
  };
}

/** The matrices of several paths as one. */
function together(matrices: readonly AccessMatrix[]): AccessMatrix {
  const [first, ...others] = matrices;
  if (first && others.length === 0) return first;
  return {
    version: 1,
    entries: matrices.flatMap(({ entries }) => entries),
    unknownActions: matrices.flatMap(({ unknownActions }) => unknownActions),
  };
}

const KNOWN = RULES.map(({ id }) => id);

/** Reviewed changes, from the project's configuration and the given file. */
function reviewing({ accept, newPrincipals }: Options): ReviewOptions {
  const config = findConfig(process.cwd(), KNOWN);
  const accepted = [...(config?.acceptedChanges ?? []), ...(accept === undefined ? [] : readAcceptedChanges(accept))];
  const today = new Date().toISOString().slice(0, 10);
  return { accepted, today, newPrincipals: newPrincipals ?? config?.newPrincipals ?? 'refuse' };
}
