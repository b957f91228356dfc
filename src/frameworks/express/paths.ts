/** Path questions answered as Express 4 and Express 5 answer them. Pure: no state, no framework object. */
export { PathCompiler } from './path-compiler.ts';
export { compile } from './path-match.ts';
export type { CompileFailure, CompileOptions, Matcher, PathMatch, PathParams } from './path-match.ts';
export { mergeParams } from './path-params.ts';
export { joinPaths } from './path-pattern.ts';
export type { ExpressMajor, PathPattern, UnknownPart } from './path-pattern.ts';
export { samplePaths } from './path-sample.ts';
export type { SampleOptions, SamplePath, SamplePaths } from './path-sample.ts';
