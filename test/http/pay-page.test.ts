import { describe, expect, it } from 'vitest';
import { PAGE_HEADERS } from '../../lib/http/pages/page.ts';
import { type PayPage, toNoPayPage, toPayPage } from '../../lib/http/pages/pay-page.ts';

const aPage = (changes: Partial<PayPage> = {}): PayPage => ({
  language: 'en',
  organizationName: 'My Hall',
  event: { name: 'Night of Songs', startsAt: '2026-06-12T18:00:00Z', timezone: 'Europe/Amsterdam' },
  orderId: 7_000_000_000_001,
  currency: 'EUR',
  totalMinor: 2_370,
  paidMinor: 1_335,
  balanceMinor: 1_035,
  state: 'due',
  ...changes,
});
const toText = (page: string): string => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('the payment page', () => {
  it('shows event, order and what is due, in the language of the organization', () => {
    const english = toText(toPayPage(aPage()));
    for (const text of ['Night of Songs', 'Friday, 12 June 2026 at 20:00 CEST', '7000000000001']) {
      expect(english).toContain(text);
    }
    expect(english).toContain('Total €23.70 Paid €13.35 To be paid €10.35');
    const dutch = toPayPage(aPage({ language: 'nl' }));
    expect(dutch).toContain('<html lang="nl">');
    expect(toText(dutch)).toContain('Te betalen € 10,35');
  });

  it("shows the organizer's instructions as they were written", () => {
    const page = toPayPage(aPage({ instructions: 'IBAN NL00 <b>\nReference: order' }));
    expect(page).toContain('IBAN NL00 &lt;b&gt;\nReference: order');
    expect(page).not.toContain('<form');
  });

  it('leads online to the provider, with the fee of the card told before', () => {
    const page = toPayPage(aPage({ online: { cardFeeMinor: 62 } }));
    expect(page).toContain('<form method="post"><button type="submit">Pay €10.97</button></form>');
    expect(toText(page)).toContain('Card fee €0.62 To be paid by card €10.97');
  });

  it.each([
    ['settled', 'this order is paid'],
    ['canceled', 'This order was canceled'],
  ] as const)('asks for nothing when the order is %s', (state, text) => {
    const page = toPayPage(aPage({ state, balanceMinor: 0, online: { cardFeeMinor: 0 } }));
    expect(page).toContain(text);
    expect(page).not.toMatch(/<form|To be paid/);
  });

  it('runs nothing and loads nothing, whatever is put in', () => {
    const nasty = '<script src=//x></script>"onload="x';
    const page = toPayPage(
      aPage({
        organizationName: nasty,
        event: { ...aPage().event, name: nasty },
        instructions: nasty,
      }),
    );
    expect(page).not.toMatch(/<script|<img|<link|\son\w+="/);
  });

  it('has one style, which its policy knows by its hash', async () => {
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(toPayPage(aPage())) ?? [];
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
    const hash = Buffer.from(digest).toString('base64');
    expect(PAGE_HEADERS['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
    expect(PAGE_HEADERS['content-security-policy']).toContain("default-src 'none'");
    expect(PAGE_HEADERS['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('of a link that leads nowhere names no order', () =>
    expect(toNoPayPage()).toContain('This payment link is not valid'));
});
