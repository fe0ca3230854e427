import { at, eachBranch, inWords, items, toText } from '../../../core/model/select';
import { Text, type Value } from '../../../core/model/values';
import { each, type Rule } from '../../rule';

export const inlineHandler: Rule = {
  id: 'InlineHandler',
  severity: 'error',
  title: 'The handler of a function with inline code is in that code',
  why: 'CloudFormation puts inline code into a file called index: every call fails where Handler names another file or a function that the code does not have.',
  fix: 'set Handler to index and the name of the function, such as index.handler',
  source:
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html',
  check: each(['AWS::Lambda::Function'], function* (fn) {
    // Other runtimes do not support inline code.
    if (!/^(?:nodejs|python)/.test(toText(at(fn, 'Runtime')) ?? '')) return;
    const handler = toText(at(fn, 'Handler'));
    if (at(fn, 'Code.ZipFile') === undefined || handler === undefined) return;
    const [file, ...names] = handler.split('.');
    const place = { resource: fn, property: 'Handler' };
    if (file !== 'index') {
      yield items(at(fn, 'Layers')).length > 0
        ? { ...place, reason: `names the file ${file}, which only a layer can have: inline code is in the file index` }
        : { ...place, message: `names the file ${file}, but inline code is in the file index` };
      return;
    }
    if (names.length === 0) yield { ...place, message: 'names no function of the code' };
    for (const { value, when } of eachBranch(at(fn, 'Code.ZipFile'))) {
      const { written, whole } = codeOf(value);
      const missing = names.find((name) => !mentions(written, name));
      if (missing === undefined) continue;
      yield whole
        ? { ...place, message: `names ${missing}, which the code does not have${inWords(when)}` }
        : {
            ...place,
            reason: `names ${missing}, which may be in a part of the code that the template does not have`,
          };
    }
  }),
};

/** The code as far as the template has it, and whether that is all that names its functions. */
function codeOf(value: Value | undefined): { readonly written: string; readonly whole: boolean } {
  const parts = value instanceof Text ? value.parts : [value];
  const written = parts.map((part) => toText(part) ?? '').join('\n');
  return { written, whole: parts.every((part) => toText(part) !== undefined) && !TAKES_OVER.test(written) };
}

/** Code whose functions another file names: `module.exports = require('/opt/handler')`, `from handlers import *`. */
const TAKES_OVER = /module\.exports\s*=\s*[^\s{]|\b(?:import|export)\s*\*/;

function mentions(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replace(/\W/g, '\\$&')}(?![\\w$])`).test(code);
}
