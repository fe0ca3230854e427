import 'lintel/testing/vitest';
