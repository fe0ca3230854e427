import { functionUrl } from '../apis/templates';
import { changed, judgeAll, modelOf } from '../faults';

test('FunctionUrlPermission refuses a public URL with one of two permissions', () => {
  const model = modelOf(changed(functionUrl, { 'Url.AuthType': 'NONE' }));
  expect(judgeAll(model).findings).toEqual([
    'FunctionUrlPermission Url: lacks the permission lambda:InvokeFunction',
    'FunctionUrlPublic Url: is open to anyone',
  ]);
});
