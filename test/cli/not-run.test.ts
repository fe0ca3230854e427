import { notRunLines } from '../../lib/cli/not-run';

test('resources of one type that are not run for the same reason share a line', () => {
  const item = (resource: string, reason = 'this type is not run') => ({ resource, type: 'AWS::X::Y', reason });
  const all = [item('A'), item('B', 'its target is not run'), item('C'), item('D'), item('E'), item('F')];
  expect(notRunLines(all)).toEqual([
    'A, C, D and 2 more (AWS::X::Y): this type is not run',
    'B (AWS::X::Y): its target is not run',
  ]);
});
