import { defineRule } from './define-rule.ts';
import { documentationUrl } from './documentation.ts';
import { defaultOptions, optionsSchema } from './options.ts';

/** Rule `require-auth`: reports endpoints that a request without a credential reaches. */
export const createRequireAuth = defineRule({
  meta: {
    type: 'problem',
    docs: {
      description: 'require that something stops requests without a credential before they reach an endpoint',
      recommended: true,
      url: documentationUrl('require-auth'),
    },
    schema: optionsSchema,
    defaultOptions: [defaultOptions],
    messages: {
      naked:
        'Anyone can call {{endpoint}} without a credential: {{through}}. Put a guard before the handler, or say with a "@publicEndpoint <reason>" comment why everyone may.',
      unknown:
        'Cannot tell whether {{endpoint}} can be called without a credential: {{because}}. Name the guard in settings["secure-routes"].guards, or write it where it can be followed.',
      unprotectedApplication:
        'Nothing in this application asks for a credential: anyone can call {{endpoints}}, such as {{example}}. Put a guard before them, and say with "@publicEndpoint <reason>" comments which are meant for everyone.',
      unprotectedClass:
        'No method of {{class}} asks for a credential: anyone can call its {{endpoints}}, such as {{example}}. Put a guard on the class, and say with "@publicEndpoint <reason>" comments which methods are meant for everyone.',
      publicWithoutReason:
        'The "@publicEndpoint" tag on {{endpoint}} gives no reason, so nobody can check later whether it still holds. Write after the tag why everyone may call it.',
    },
  },
  protection: 'auth',
});
