import { functionMemory } from '../../../../lib/rules/rules/functions/function-memory';
import { describeFaults, inProduction, OPEN } from '../faults';
import { judged, quiet } from '../../judged';
import { functions } from './templates';

const template = (memory: unknown) => ({
  Worker: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: memory } },
});

test.each([128, '128', 10_240, undefined])('accepts %p', (memory) => {
  expect(judged(functionMemory, template(memory))).toEqual(quiet);
});

test.each([127, 10_241])('refuses %p MB', (memory) => {
  expect(judged(functionMemory, template(memory)).findings).toEqual([
    `Worker MemorySize: asks for ${memory} MB of memory, outside 128 to 10240 MB`,
  ]);
});

test('judges both branches of a condition', () => {
  const memory = { 'Fn::If': ['IsProd', 20_480, 128] };
  expect(judged(functionMemory, template(memory)).findings).toEqual([
    'Worker MemorySize: asks for 20480 MB of memory, outside 128 to 10240 MB when IsProd',
  ]);
});

test('says what it cannot judge', () => {
  expect(judged(functionMemory, template({ 'Fn::ImportValue': 'Memory' })).unknown).toEqual([
    "Worker MemorySize: the import 'Memory' comes from outside of the assembly",
  ]);
});

describeFaults(functionMemory, functions, [
  {
    mistake: '20,480 MB of memory',
    change: { 'Worker.MemorySize': 20_480 },
    message: 'asks for 20480 MB',
    open: { 'Worker.MemorySize': OPEN },
  },
  {
    mistake: 'too much memory in one branch of a condition',
    change: { 'Worker.MemorySize': inProduction(20_480, 512) },
    message: 'outside 128 to 10240 MB when IsProduction',
  },
]);
