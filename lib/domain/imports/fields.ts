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
  'origin',
  'other',
] as const;
/** `origin` is the column that a barcode export of ours signs; `other` is kept in the note, under its header. */
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
  const plain = header.replace(ESCAPED, '');
  for (const form of [
    plain,
    plain.replace(ASIDE, ' '),
    plain.replace(ASIDE, ' ').replace(TAX, ' '),
  ]) {
    const known = HEADERS.get(toWord(form));
    if (known !== undefined) return known;
  }
  return recogniseParts(plain);
}

/** "Section/Block": every part that is known names the same field. */
function recogniseParts(header: string): Header | undefined {
  const [, ...more] = header.split('/');
  if (more.length === 0) return undefined;
  const known = header
    .split('/')
    .map((part) => HEADERS.get(toWord(part)))
    .filter((part) => part !== undefined);
  const [first] = known;
  return known.every(({ field }) => field === first?.field) ? first : undefined;
}

/** "(EUR)", "[optional]". */
const ASIDE = /\([^)]*\)|\[[^\]]*\]/g;
const TAX = /(?<!\p{L})(?:eur|euro|chf|gbp|usd|ttc|ht|incl|inkl|btw|mwst|tva|vat)(?!\p{L})/giu;

/** Letters and digits only, without case and accents; "#", "N°" and the like are "number". */
const toWord = (text: string): string =>
  text
    .replace(/№|(?<!\p{L})n\s?[°º]\.?/giu, 'numero ')
    .replaceAll('#', ' number')
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{Letter}\p{Number}]/gu, '');

/** A word that often is the ticket's type and sometimes its code: certain only beside a column of barcodes. */
const AMBIGUOUS = new Set(['ticket', 'tickets', 'billet', 'karte', 'kaart', 'kaartje']);
export const isAmbiguousHeader = (header: string): boolean => AMBIGUOUS.has(toWord(header));

const WORDS: Readonly<Record<ImportField, string>> = {
  barcode: `barcode barcodes ticketbarcode barcodenumber barcodenummer barcodenr barcodeno ticketcode ticketcodes code
    codes qrcode qrcodes codeqr qr streepjescode strichcode strichcodenummer codebarre codebarres codeabarre codeabarres
    codesbarres numerocodebarre numerodecodebarre numerodecodebarres numerocodebarres codebarrebillet
    codebarresbillet uniquecode uniekecode barcodevalue barcodecontent barcodedata ean ean13 eancode code128 scancode
    entrycode accesscode toegangscode einlasscode kartencode kaartcode codebillet codedubillet codeticket ticketnumber
    ticketnummer ticketnr ticketno eticketnumber eticketnummer kaartnummer kaartnr kartennummer kartennr
    eintrittskartennummer numerobillet numerodebillet numerodubillet numeroticket numerodeticket billetnumero
    ticketid ticketsecret secret ticketkey vouchercode voucher`,
  name: `name naam nom fullname volledigenaam vollername vollstandigername nomcomplet nometprenom prenometnom nomprenom
    prenomnom vorundnachname vorundzuname vornamenachname vornamename namevorname voorenachternaam
    voornaamachternaam voornaamenachternaam naamenvoornaam firstandlastname firstlastname holder holdername ticketholder
    ticketholdername tickethouder houder naamhouder naamtickethouder inhaber karteninhaber ticketinhaber titulaire
    nomtitulaire nomdutitulaire attendee attendeename attendeefullname attendees visitor visitorname bezoeker bezoekernaam
    naambezoeker besucher besuchername namebesucher namedesbesuchers participant participantname nomduparticipant
    nomparticipant teilnehmer teilnehmername deelnemer deelnemernaam naamdeelnemer gast gastname gastnaam guest guestname
    kunde kundenname klant klantnaam naamklant client nomclient nomduclient customer customername buyer buyername koper
    naamkoper kopernaam kaeufer kaufer kaufername besteller bestellername acheteur nomacheteur nomdelacheteur`,
  firstName: `firstname firstnames first voornaam voornamen roepnaam vorname vornamen prenom prenoms givenname forename
    attendeefirstname voornaambezoeker bezoekervoornaam prenomduparticipant prenomparticipant buyerfirstname
    customerfirstname voornaamkoper prenomacheteur prenomclient`,
  lastName: `lastname lastnames last achternaam nachname zuname nomdefamille nomfamille familienaam familyname surname
    familienname attendeelastname attendeesurname achternaambezoeker bezoekerachternaam buyerlastname customerlastname
    achternaamkoper`,
  email: `email emails emailaddress emailadres emailadresse adresseemail adressemail mail mailadres mailadresse
    mailaddress courriel adressecourriel adresseelectronique attendeeemail attendeeemailaddress holderemail visitoremail
    emailbezoeker bezoekeremail emailbesucher emailparticipant emailduparticipant emailtickethouder guestemail
    buyeremail emailkoper koperemail emailkaeufer emailkaufer emailbesteller emailacheteur emailclient customeremail
    emailklant klantemail kundenemail contactemail`,
  ticketType: `tickettype tickettypes typeticket typedeticket typedebillet typebillet kaartsoort soortkaart ticketsoort
    soortticket tickettypename tickettypenaam kaarttype ticketart kartenart kartentyp tickettyp ticketkategorie
    ticketcategory ticketcategorie kategorie categorie category categoriebillet categoriedebillet categorieticket
    preiskategorie preisgruppe prijscategorie pricecategory tarif tarief rate ratename ticketname ticketnaam nomdubillet
    nombillet naamticket producttype product productname productnaam produkt produktname produit variation formule item
    itemname artikel article pass type soort art ticket tickets billet kaart kaartje karte`,
  price: `price prijs preis prix amount bedrag betrag montant ticketprice ticketprijs ticketpreis prixbillet prixdubillet
    prixunitaire unitprice einzelpreis stukprijs prijsperticket preisproticket facevalue valeurfaciale kartenpreis
    kaartprijs verkoopprijs verkaufspreis bruttopreis pricepaid prixpaye totalpaid amountpaid paid betaald bezahlt total
    totaal gesamt gesamtpreis`,
  orderReference: `orderreference orderid order ordernumber ordernummer ordernr orderno ordercode orderref
    orderreferentie reference ref referentie referenz bestelnummer bestelnr bestelcode bestelid bestelling bestellnummer
    bestellung bestellnr bestellid auftragsnummer auftragsnr auftrag commande numerodecommande numerocommande
    commandenumero commandeid idcommande referencecommande referencedecommande bookingreference bookingnumber bookingid
    bookingcode booking boekingsnummer boeking reservation reservationnumber reservationid reservering
    reserveringsnummer reservierung reservierungsnummer numeroreservation numerodereservation buchungsnummer buchungscode
    buchung transaction transactionid transactienummer transactie`,
  section: `section sectie sektion vak vaknummer vaknr block blok sektor sector bereich secteur bloc zone area tribune
    stand`,
  row: `row rij reihe rang rangee rijnummer rijnr reihennummer reihennr rownumber rowno rownr numeroderang`,
  seat: `seat stoel sitz sitzplatz platz plaats place siege zitplaats zetel stoelnummer stoelnr seatnumber seatno seatnr
    sitzplatznummer sitzplatznr sitznummer sitznr platznummer platznr zitplaatsnummer numerodeplace numeroplace
    numerodesiege fauteuil`,
  note: `note notes notitie notities opmerking opmerkingen remark remarks comment comments notiz notizen bemerkung
    bemerkungen anmerkung anmerkungen kommentar kommentare remarque remarques commentaire commentaires bijzonderheden
    hinweis hinweise observation observations`,
  invalidated: `ticketinvalidated invalidated invalid ongeldig ungultig invalide annule geannuleerd storniert`,
  origin: 'swapgateorigin',
  other: `event eventname eventdate eventslug evenement evenementdatum datum date time tijd zeit heure uhrzeit
    veranstaltung veranstaltungsdatum datedelevenement company bedrijf firma societe entreprise organisation gate poort tor
    porte shopname shop entrymode extint phone phonenumber telefoon telefoonnummer telefon telefonnummer telephone mobile
    orderdate ordertype orderstatus besteldatum besteldop bestelldatum aankoopdatum kaufdatum datedachat
    datedecommande purchasedate created createdat paymentmethod currency valuta wahrung devise quantity aantal anzahl
    quantite status attendeestatus ticketstatus scannedat tussenvoegsel salutation anrede aanhef civilite country land
    pays postcode plz zip zipcode codepostal city stad ort ville address adres adresse`,
};

const HEADERS: ReadonlyMap<string, Header> = new Map(
  IMPORT_FIELDS.flatMap((field) =>
    WORDS[field].split(/\s+/).map((word, rank): [string, Header] => [word, { field, rank }]),
  ),
);
