import { defineRule } from './define-rule.ts';
import { documentationUrl } from './documentation.ts';
import { defaultOptions, optionsSchema } from './options.ts';

/** Rule `require-rate-limit`: reports endpoints that one client can call as often as it likes. */
export const createRequireRateLimit = defineRule({
  meta: {
    type: 'problem',
    docs: {
      description: 'require that a rate limiter stands before every endpoint',
      recommended: true,
      url: documentationUrl('require-rate-limit'),
    },
    schema: optionsSchema,
    defaultOptions: [defaultOptions],
    messages: {
      naked:
        'One client can call {{endpoint}} as often as it likes: {{through}}. Put a rate limiter before the handler: on the route, on its router or on the application.',
      unknown:
        'Cannot tell whether {{endpoint}} is rate limited: {{because}}. Name the limiter in settings["secure-routes"].limiters, or write it where it can be followed.',
      unprotectedApplication:
        'No rate limiter was found in this application: one client can call {{endpoints}} as often as it likes, such as {{example}}. Put a rate limiter before them.',
      unprotectedClass:
        'No rate limiter stands before any method of {{class}}: one client can call its {{endpoints}} as often as it likes, such as {{example}}. Put a rate limiter on the class or before the application.',
    },
  },
  protection: 'rateLimit',
});
