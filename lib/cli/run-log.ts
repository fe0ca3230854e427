import type { LogEntry } from '../testing/local/kernel/logs';
import { readableTrace } from '../testing/local/lambda/traces';

/** Time, request and level, as Lambda's Node.js runtimes write them before a text. */
const NODE_LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[^\t]*\t(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\t(.*)$/s;
/** A title and an error as JSON. */
const ERROR_LINE = /^(.*?) ?\t(\{.*\})$/s;

/** A line of the log for a reader: when, who, what; errors with their trace in the files of the project. */
export function readableEntry({ time, source, message }: LogEntry): string {
  const clock = new Date(time).toTimeString().slice(0, 8);
  return `${clock} [${source}] ${readableMessage(message)}`;
}

function readableMessage(message: string): string {
  const [, level, written] = NODE_LINE.exec(message) ?? [];
  const text = written ?? message;
  const [, title, json] = ERROR_LINE.exec(text) ?? [];
  const line = json === undefined ? text : (errorText(title ?? '', json) ?? text);
  const lines = readableTrace(line.replace(/\r/g, '\n').split('\n'));
  return [...(level === undefined ? [] : [level]), lines.join('\n')].join(' ');
}

/** An error's stack; undefined for JSON that is none. */
function errorText(title: string, json: string): string | undefined {
  try {
    const { stack } = JSON.parse(json) as { readonly stack?: unknown };
    return Array.isArray(stack) ? `${title}: ${stack.join('\n')}` : undefined;
  } catch {
    return undefined;
  }
}
