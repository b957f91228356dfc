/**
 * The methods by which what is registered for all of them is judged: a guard may ask for the method, and other
 * registrations have one. Not HEAD and OPTIONS, which guards let pass that ask everybody else who it is.
 */
export const METHODS_OF_ALL: readonly string[] = ['GET', 'PUT', 'PATCH', 'DELETE', 'POST'];
