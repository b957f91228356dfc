/** Reason of what stands for more possibilities than are followed: a comparison with it is as uncertain. */
export const TOO_MANY = 'too many possibilities';

/** The reason of a value that a secret made: an HMAC. */
export const SIGNATURE = 'a signature that takes a secret to make';

/** Reason of what stands for the elements of a long list: what the client's words say of it is the client's choice, all else is uncertain. */
export const ONE_OF_MANY = 'one of many elements of a list';
