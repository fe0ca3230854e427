import { at, toText } from '../../../core/model/select';
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
    // Other runtimes take no inline code.
    if (!/^(?:nodejs|python)/.test(toText(at(fn, 'Runtime')) ?? '')) return;
    const handler = toText(at(fn, 'Handler'));
    if (at(fn, 'Code.ZipFile') === undefined || handler === undefined) return;
    const [file, ...names] = handler.split('.');
    const code = toText(at(fn, 'Code.ZipFile'));
    const place = { resource: fn, property: 'Handler' };
    if (file !== 'index') {
      yield { ...place, message: `names the file ${file}, but inline code is in the file index` };
    } else if (
      code !== undefined &&
      names.length === 1 &&
      !new RegExp(`\\b${names[0]!.replace(/\W/g, '\\$&')}\\b`).test(code)
    ) {
      yield { ...place, message: `names ${names[0]}, which the code does not have` };
    }
  }),
};
