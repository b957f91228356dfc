/** Globs of files that are no part of the served program, in .gitignore syntax: tests, their harnesses and mocks. */
export const defaultIgnore: readonly string[] = Object.freeze([
  '**/test/**',
  '**/tests/**',
  '**/__tests__/**',
  '**/__mocks__/**',
  '**/e2e/**',
  '**/cypress/**',
  '**/*.test.*',
  '**/*.spec.*',
  '**/*.e2e-spec.*',
  '**/*.e2e-test.*',
  '**/*.stories.*',
]);
