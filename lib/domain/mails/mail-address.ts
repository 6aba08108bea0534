// Which addresses mail can be sent to.

/**
 * SES takes no local part outside ASCII (it has no SMTPUTF8), and nobody has a quoted one; a domain may be
 * international. Whoever has another address gets no mail.
 */
export const isMailAddress = (address: string): boolean =>
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\p{L}\p{M}\p{N}.-]{1,253}$/u.test(address);
