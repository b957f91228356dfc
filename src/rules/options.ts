import type { Rule } from 'eslint';

/** The options of every rule, after ESLint has merged in the defaults. */
export interface RuleOptions {
  /** Upper or lower case; an endpoint is left out when all its methods are listed. */
  readonly ignoreMethods: readonly string[];
  readonly reportUnknown: boolean;
  readonly summarize: boolean;
  readonly groupByClass: boolean;
  readonly reportMessagePatterns: boolean;
}

export const defaultOptions: RuleOptions = Object.freeze({
  ignoreMethods: ['OPTIONS', 'HEAD'],
  reportUnknown: false,
  summarize: false,
  groupByClass: false,
  reportMessagePatterns: false,
});

export const optionsSchema: Rule.RuleMetaData['schema'] = [
  {
    type: 'object',
    properties: {
      ignoreMethods: {
        type: 'array',
        items: { type: 'string' },
        uniqueItems: true,
        description: 'HTTP methods whose endpoints are left out.',
      },
      reportUnknown: {
        type: 'boolean',
        description: 'Also report endpoints that could not be judged, and those that no application mounts.',
      },
      summarize: {
        type: 'boolean',
        description:
          'Report once, where the application is created, when nothing of this kind protects any of its endpoints.',
      },
      groupByClass: {
        type: 'boolean',
        description:
          'Report once, at the name of the class, when nothing of this kind protects any method of a NestJS controller, resolver or gateway.',
      },
      reportMessagePatterns: {
        type: 'boolean',
        description: 'Also report the message and event patterns and the gRPC methods of NestJS microservices.',
      },
    },
    additionalProperties: false,
  },
];
