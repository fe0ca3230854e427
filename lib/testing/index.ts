import './register';

export { normalizeGraph } from './graph-matcher';
export { matchers, type MatcherResult } from './matchers';
export { type LintelMatchers } from './register';
export { normalizeTemplate } from './snapshot/normalize';
export { templateSerializer } from './snapshot/serializer';
export { type TemplateJson, type TemplateSource } from './snapshot/template-of';
