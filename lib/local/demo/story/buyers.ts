// Those who buy in the story: what they are sold, the mails that they get, and their way to the door.
import { type Answer, createApi, readAnswer } from '../api.ts';
import { awaitAnswer } from '../upload.ts';
import { aTextLike } from './expected.ts';
import { recall, type Step, type Story } from './step.ts';

const NAMES = { cora: 'Cora', lou: 'Lou', dora: 'Dora' } as const;
export type BuyerOfStory = keyof typeof NAMES;

interface Mail {
  readonly destination: { readonly to: readonly string[] };
  readonly subject: string;
  readonly body: { readonly text: string };
  readonly attachments: readonly { readonly filename: string }[];
}

export const OWN_BARCODE = aTextLike(/^[0-9A-HJKMNP-TV-Z]{16}$/);
export const LINK = /https?:\/\/\S+\/pay\/\S+/;

const toAddress = ({ eventId }: Story, who: BuyerOfStory): string => `${who}@${eventId}.example`;

export const sell = (
  story: Story,
  who: BuyerOfStory,
  sale: Record<string, unknown>,
): Promise<Answer> =>
  story.api('POST', `/v1/events/${story.eventId}/orders`, {
    key: story.organizerKey,
    body: {
      buyer: { firstName: NAMES[who], email: toAddress(story, who) },
      items: [{ ticketTypeId: story.ticketTypeIds.regular, quantity: 1 }],
      ...sale,
    },
  });

export const learnBarcode =
  (name: string): NonNullable<Step['learn']> =>
  ({ learned }, { tickets }) =>
    void learned.set(name, (tickets as { readonly barcode: string }[])[0]?.barcode);

const mailsTo = ({ body }: Answer, address: string): readonly Mail[] =>
  (body as { readonly emails: readonly Mail[] }).emails.filter(({ destination }) =>
    destination.to.includes(address),
  );

/** As many as are expected, by their subjects. */
export async function readMails(story: Story, who: BuyerOfStory, count: number): Promise<Answer> {
  const address = toAddress(story, who);
  const answer = await awaitAnswer(createApi(story.inboxUrl), {
    path: '/store',
    isUnderWay: (inbox) => mailsTo(inbox, address).length < count,
  });
  const mails = mailsTo(answer, address)
    .map(({ subject, attachments, body: { text } }) => {
      const link = LINK.exec(text)?.[0];
      const files = attachments.map(({ filename }) => filename);
      return { subject, attachments: files, ...(link === undefined ? {} : { link }) };
    })
    .toSorted((one, other) => (one.subject < other.subject ? -1 : 1));
  return { status: answer.status, body: { mails } };
}

/** What the payment page says is due. */
export async function openPayPage(link: string): Promise<Answer> {
  const { status, body } = await readAnswer(await fetch(link));
  return { status, body: { due: /To be paid\D*(€[\d.]+)/.exec(String(body))?.[1] } };
}

export const scan = (story: Story, barcode: string, scanId: string): Promise<Answer> =>
  story.api('POST', '/v1/validate', {
    key: recall<string>(story, 'deviceKey'),
    body: { scanId, eventId: story.eventId, barcode },
  });
