export { type GraphOptions, readGraph } from './read-graph';
export { type TemplateOptions, readTemplate } from './read-template';
export { readAssembly } from './read-assembly';
export { read } from './read';
export { ReadError } from './read-error';
