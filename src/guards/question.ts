/**
 * Whose request walks through a chain. `anonymous` carries no credential: can a stranger get through?
 * `any` may carry one: can anyone get through as often as they like? `known` does, and nobody counts it: can anyone
 * get through at all? What nothing on its way says of who is asking is not there. `same` has a credential at some of its
 * places and none at others, and has it wherever it is looked for again: does anyone get past what others meet?
 */
export type Question = 'anonymous' | 'any' | 'known' | 'same';
