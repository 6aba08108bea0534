// The fields that a column can be, and the headers by which they are recognised in Dutch, English, German and French.

export const IMPORT_FIELDS = [
  'barcode',
  'name',
  'firstName',
  'lastName',
  'email',
  'ticketType',
  'price',
  'orderReference',
  'section',
  'row',
  'seat',
  'note',
  'invalidated',
  'other',
] as const;
/** `other` is kept in the note, under its header. */
export type ImportField = (typeof IMPORT_FIELDS)[number];

/** Header suffix of a column whose cells are escaped for spreadsheets, see csv-escape.ts. */
const ESCAPED = /[\s_-]*escaped\s*$/i;

export interface Header {
  readonly field: ImportField;
  /** 0 is the plainest word for the field; of two columns for one field the plainer one wins. */
  readonly rank: number;
}

export const isEscapedHeader = (header: string): boolean => ESCAPED.test(header);

/** Columns whose cells are escaped for spreadsheets. */
export const findEscaped = (header: readonly string[]): ReadonlySet<number> =>
  new Set(header.flatMap((cell, index) => (isEscapedHeader(cell) ? [index] : [])));

/** The field that a header names in one of the four languages, or undefined. */
export function recogniseHeader(header: string): Header | undefined {
  return HEADERS.get(toWord(header.replace(ESCAPED, '')));
}

/** Letters and digits only, without case and accents. */
const toWord = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{Letter}\p{Number}]/gu, '');

const WORDS: Readonly<Record<ImportField, string>> = {
  barcode: `barcode barcodes ticketbarcode barcodenumber barcodenummer ticketcode ticketcodes code qrcode qr streepjescode
    strichcode codebarre codebarres codeabarres codesbarres ticketnumber ticketnummer ticketnr ticketno kaartnummer
    kartennummer eintrittskartennummer einlasscode codebillet codedubillet numerobillet numerodebillet numerodubillet
    codeticket numeroticket numerodeticket toegangscode scancode ean secret ticketsecret`,
  name: `name naam nom fullname volledigenaam vollername nomcomplet holder holdername ticketholder tickethouder houder
    naamhouder inhaber karteninhaber titulaire attendee attendeename attendeefullname bezoeker besucher participant
    teilnehmer deelnemer gast guest guestname kunde klant klantnaam customer customername client buyer buyername koper
    naamkoper kaeufer kaufer acheteur`,
  firstName: `firstname voornaam vorname prenom givenname forename attendeefirstname buyerfirstname customerfirstname`,
  lastName: `lastname achternaam nachname nomdefamille familienaam familyname surname familienname attendeelastname
    buyerlastname customerlastname`,
  email: `email emailaddress emailadres emailadresse adresseemail adressemail mail mailadres mailadresse mailaddress
    courriel adresseelectronique adressecourriel attendeeemail buyeremail customeremail emailkoper`,
  ticketType: `tickettype typeticket typedeticket typedebillet typebillet kaartsoort ticketsoort tickettypename
    tickettypenaam kaarttype ticketart kartenart kartentyp tickettyp ticketkategorie ticketcategory ticketcategorie
    categorie category kategorie billet tarif tarief ticketname ticketnaam producttype product`,
  price: `price prijs preis prix amount bedrag betrag montant ticketprice ticketprijs ticketpreis prixbillet prixdubillet`,
  orderReference: `orderreference orderid order ordernumber ordernummer ordernr orderno orderref reference referentie
    referenz bestelnummer bestelling bestellnummer bestellung bestellnr commande numerodecommande numerocommande
    referencecommande bookingreference booking reservation reservering reserveringsnummer buchungsnummer`,
  section: `section sectie vak block blok sektor sector bereich secteur bloc zone`,
  row: `row rij reihe rang rangee`,
  seat: `seat stoel sitz sitzplatz platz plaats place siege zitplaats stoelnummer seatnumber sitzplatznummer`,
  note: `note notes notitie notities opmerking opmerkingen remark remarks comment comments notiz notizen bemerkung
    bemerkungen anmerkung anmerkungen kommentar remarque remarques commentaire commentaires`,
  invalidated: `ticketinvalidated invalidated invalid ongeldig ungultig invalide annule geannuleerd storniert`,
  other: `event eventname eventdate evenement evenementdatum datum date time tijd zeit heure uhrzeit veranstaltung
    veranstaltungsdatum datedelevenement company bedrijf firma societe entreprise gate poort tor porte shopname shop
    entrymode extint phone telefoon telefon telephone orderdate besteldatum bestelldatum datedecommande created
    createdat paymentmethod currency valuta`,
};

const HEADERS: ReadonlyMap<string, Header> = new Map(
  IMPORT_FIELDS.flatMap((field) =>
    WORDS[field].split(/\s+/).map((word, rank): [string, Header] => [word, { field, rank }]),
  ),
);
