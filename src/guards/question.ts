/**
 * Whose request walks through a chain. `anonymous` carries no credential: can a stranger get through?
 * `any` may carry one: can anyone get through as often as they like?
 */
export type Question = 'anonymous' | 'any';
